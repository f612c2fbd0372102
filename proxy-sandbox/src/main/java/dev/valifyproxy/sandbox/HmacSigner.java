package dev.valifyproxy.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Valify's {@code hmac} header: HMAC-SHA512 in lower-case hex, under the customer's key, over the values of the fields of
 * {@code result} sorted by name, followed by the values of the body's other fields sorted by name.
 *
 * <p>Values are joined without anything between them, in UTF-8: a string as its characters, a number and a boolean as they
 * stand in the JSON, null as nothing, an object or an array as compact JSON. Names are compared by UTF-16 code unit.
 */
public final class HmacSigner {
    private static final String ALGORITHM = "HmacSHA512";
    private static final JsonMapper JSON = new JsonMapper();

    /** A {@link Mac} is not thread-safe and dear to make: each thread keeps its own. */
    private final ThreadLocal<Mac> macs;

    HmacSigner(String key) {
        SecretKeySpec secret = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM);
        macs = ThreadLocal.withInitial(() -> newMac(secret));
    }

    /** Whether the header's value is the right one for this body, byte for byte as it was received, under this key. */
    public static boolean verify(String key, byte[] body, String hmac) {
        try {
            String expected = new HmacSigner(key).sign(JSON.readTree(body));
            return MessageDigest.isEqual(
                    expected.getBytes(StandardCharsets.UTF_8), hmac.getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    String sign(JsonNode body) {
        Mac mac = macs.get();
        addValues(mac, body.path("result"), "");
        addValues(mac, body, "result");
        return HexFormat.of().formatHex(mac.doFinal());
    }

    private static void addValues(Mac mac, JsonNode node, String except) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        node.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
        sorted.remove(except);
        sorted.values().forEach(value -> mac.update(rendered(value).getBytes(StandardCharsets.UTF_8)));
    }

    private static String rendered(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private static Mac newMac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
