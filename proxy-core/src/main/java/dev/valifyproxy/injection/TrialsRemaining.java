package dev.valifyproxy.injection;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

/** The uses that the upstream says are left on a token: the number {@code trials_remaining} at the top of an answer. Pure. */
final class TrialsRemaining {

    /** The body tells no such number. */
    static final int UNTOLD = -1;

    private static final String FIELD = "trials_remaining";

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private TrialsRemaining() {}

    /** The number that a body tells, or {@link #UNTOLD}: also if it is not one JSON object and nothing else, or names a field twice. */
    static int in(byte[] body) {
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return UNTOLD;
            }
            int told = inObject(json);
            return json.nextToken() == null && told >= 0 ? told : UNTOLD;
        } catch (IOException malformed) {
            // Its message may quote the body, so it goes nowhere.
            return UNTOLD;
        }
    }

    private static int inObject(JsonParser json) throws IOException {
        int told = UNTOLD;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            if (json.nextToken() == JsonToken.VALUE_NUMBER_INT && name.equals(FIELD)) {
                told = json.getIntValue();
            }
            json.skipChildren();
        }
        return told;
    }
}
