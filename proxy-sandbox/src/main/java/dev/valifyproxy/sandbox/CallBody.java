package dev.valifyproxy.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a service call's body, those of nested objects among them: pages differ on what stands in {@code data}.
 * Of a name that occurs twice the first counts. Images are counted, and never turned into strings.
 */
final class CallBody {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, String> values = new HashMap<>();
    private int images;

    private CallBody() {}

    /** Reads the body's one JSON object; throws when it is anything else. */
    static CallBody parse(ByteBuf body) throws IOException {
        CallBody parsed = new CallBody();
        byte[] bytes = body.array();
        try (JsonParser parser =
                JSON.createParser(bytes, body.arrayOffset() + body.readerIndex(), body.readableBytes())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(parser, "not an object");
            }
            for (int depth = 1; depth > 0; ) {
                depth += parsed.take(parser);
            }
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "something follows the object");
            }
        }
        return parsed;
    }

    @Nullable
    String get(String name) {
        return values.get(name);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    int images() {
        return images;
    }

    /** Reads one token; returns by how much deeper the next one stands. */
    private int take(JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new JsonParseException(parser, "the object does not end");
        }
        String name = parser.currentName();
        if (token.isScalarValue() && token != JsonToken.VALUE_NULL && name != null) {
            if (isImage(name)) {
                images++;
            } else {
                values.putIfAbsent(name, parser.getText());
            }
        }
        if (token.isStructStart()) {
            return 1;
        }
        return token.isStructEnd() ? -1 : 0;
    }

    private static boolean isImage(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.contains("img") || lower.contains("image");
    }
}
