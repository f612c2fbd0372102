package dev.valifyproxy.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The service calls. They are judged in the order of a Django server: path, token, method, media type, body. So a use of
 * the token is taken by every call to a path that exists, whether the call then succeeds or not.
 *
 * <p>Two requests of a caller steer the answer: the header {@value #BUSINESS_ERROR} with a number is answered by a 422 with
 * that Valify code, and the one-time password {@value #WRONG_OTP} is wrong. Thread-safe.
 */
final class Services {
    static final String BUSINESS_ERROR = "X-Sandbox-Business-Error";
    static final String WRONG_OTP = "000000";

    private static final int RSA_KEY_BYTES = 256;
    private static final JsonNode RESULTS = results();

    private final Set<String> bundleKeys;
    private final TokenLedger tokens;
    private final ErrorAnswers errors;
    private final HmacSigner signer;
    private final int largeAnswerBytes;
    private volatile @Nullable Answer largeAnswer;

    Services(SandboxSettings settings, TokenLedger tokens, ErrorAnswers errors) {
        bundleKeys = settings.bundleKeys();
        largeAnswerBytes = settings.largeAnswerBytes();
        signer = new HmacSigner(settings.hmacKey());
        this.tokens = tokens;
        this.errors = errors;
    }

    Answer answer(IncomingCall call) {
        Service service = Service.at(call.path());
        if (service == null) {
            return errors.notFound();
        }
        String token = call.bearerToken();
        if (token == null) {
            call.refuseToken();
            return errors.tokenMissing();
        }
        TokenLedger.Use use = tokens.use(token, service.countedAs());
        if (!use.isAccepted()) {
            call.refuseToken();
            return errors.tokenRefused();
        }
        return authorised(call, service, use.left());
    }

    private Answer authorised(IncomingCall call, Service service, int trials) {
        HttpMethod method = call.head().method();
        if (!HttpMethod.POST.equals(method)) {
            return errors.methodNotAllowed(method.name());
        }
        if (!HttpHeaderValues.APPLICATION_JSON.contentEqualsIgnoreCase(HttpUtil.getMimeType(call.head()))) {
            return errors.unsupportedMediaType();
        }
        CallBody body;
        try {
            body = CallBody.parse(call.body());
        } catch (IOException e) {
            return errors.badRequest("invalid JSON");
        }
        Answer refusal = refusal(service, body);
        return refusal == null ? performed(call, service, body, trials) : refusal;
    }

    private @Nullable Answer refusal(Service service, CallBody body) {
        String missing = service.missing(body);
        if (missing != null) {
            return errors.badRequest("missing parameter " + missing);
        }
        String bundleKey = body.get("bundle_key");
        if (bundleKey != null && !bundleKeys.contains(bundleKey)) {
            return errors.bundleKeyInvalid();
        }
        String subject = body.get("access_token");
        if (service == Service.INQUIRY && subject != null && !tokens.isKnown(subject)) {
            return errors.tokenNotFound();
        }
        return service.form() == Service.Form.RESULT && result(service, body).isMissingNode()
                ? errors.badRequest("unknown document_type")
                : null;
    }

    private Answer performed(IncomingCall call, Service service, CallBody body, int trials) {
        int businessError = call.head().headers().getInt(BUSINESS_ERROR, 0);
        if (businessError != 0) {
            return errors.businessError(businessError, transactionId(), trials);
        }
        return switch (service.form()) {
            case RESULT ->
                success(object().<ObjectNode>set("result", result(service, body))
                        .put("transaction_id", transactionId())
                        .put("trials_remaining", trials));
            case SENT ->
                success(object().put("transaction_id", transactionNumber()).put("trials_remaining", trials));
            case VERIFIED -> success(object().put("verified", !WRONG_OTP.equals(body.get("otp"))));
            case ENCRYPTED -> largeAnswer();
        };
    }

    /** The same for all calls, since it is random to whoever lacks the key; made when first needed, which takes some time. */
    private Answer largeAnswer() {
        Answer made = largeAnswer;
        if (made == null) {
            made = success(object().put("key", random(RSA_KEY_BYTES)).put("data", random(largeAnswerBytes / 4 * 3)));
            largeAnswer = made;
        }
        return made;
    }

    private Answer success(ObjectNode body) {
        return Answer.json(200, body).with("hmac", signer.sign(body));
    }

    /** Base64 of so many random bytes. */
    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }

    private static JsonNode result(Service service, CallBody body) {
        JsonNode results = RESULTS.path(service.countedAs());
        return switch (service) {
            case OCR -> results.path(Objects.requireNonNullElse(body.get("document_type"), ""));
            case OCR_EGP_NID -> results.path("egy_nid");
            default -> results;
        };
    }

    private static String transactionId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static long transactionNumber() {
        return ThreadLocalRandom.current().nextLong(10_000_000, 100_000_000);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static JsonNode results() {
        try (InputStream file = Objects.requireNonNull(Services.class.getResourceAsStream("results.json"))) {
            return new JsonMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException("results.json is damaged", e);
        }
    }
}
