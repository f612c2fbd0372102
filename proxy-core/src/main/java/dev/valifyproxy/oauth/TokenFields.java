package dev.valifyproxy.oauth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a token endpoint's JSON that matter here (RFC 6749 §5.1, §5.2); all others are skipped, whatever they are.
 *
 * @param accessToken null if missing, or not a string
 * @param tokenType null if missing or null; not a string: the empty string
 * @param expiresIn seconds, not yet rounded; null if missing or null; {@link Double#NaN} if nonsense
 * @param error null if missing, or not a string
 */
record TokenFields(
        @Nullable String accessToken,
        @Nullable String tokenType,
        @Nullable Double expiresIn,
        @Nullable String error) {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Reads an answer's body; null if it is not one JSON object and nothing else, or names a field twice. */
    static @Nullable TokenFields parse(byte[] body) {
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            TokenFields fields = readObject(json);
            return json.nextToken() == null ? fields : null;
        } catch (IOException malformed) {
            // Its message may quote the body, so it goes nowhere.
            return null;
        }
    }

    private static TokenFields readObject(JsonParser json) throws IOException {
        String accessToken = null;
        String tokenType = null;
        Double expiresIn = null;
        String error = null;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            switch (name) {
                case "access_token" -> accessToken = string(json, value);
                case "token_type" -> tokenType = value == JsonToken.VALUE_NULL ? null : stringOrEmpty(json, value);
                case "expires_in" -> expiresIn = seconds(json, value);
                case "error" -> error = string(json, value);
                default -> {}
            }
            json.skipChildren();
        }
        return new TokenFields(accessToken, tokenType, expiresIn, error);
    }

    private static @Nullable String string(JsonParser json, JsonToken value) throws IOException {
        return value == JsonToken.VALUE_STRING ? json.getText() : null;
    }

    private static String stringOrEmpty(JsonParser json, JsonToken value) throws IOException {
        String text = string(json, value);
        return text == null ? "" : text;
    }

    private static @Nullable Double seconds(JsonParser json, JsonToken value) throws IOException {
        return switch (value) {
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_STRING -> json.getText().matches("[0-9]{1,18}") ? Double.valueOf(json.getText()) : Double.NaN;
            default -> Double.NaN;
        };
    }

    /** The token stays out of whatever prints this. */
    @Override
    public String toString() {
        return "TokenFields[***]";
    }
}
