package dev.valifyproxy.injection;

import java.util.List;

/**
 * One sign by which an answer refuses the token.
 *
 * @param statuses the status codes with which it counts, one at least
 * @param sign where it stands
 * @param text what stands there
 */
public record RejectionRule(List<Integer> statuses, Sign sign, String text) {

    /** The caller's own key is wrong: no other token would help. */
    private static final String WRONG_BUNDLE_KEY = "your Bundle key is invalid";

    /** Where a refusal can be seen. */
    public enum Sign {
        /** The body holds the text, its content coding and JSON's escapes undone. */
        BODY_CONTAINS,
        /** A {@code WWW-Authenticate} field has a challenge for a bearer token with the text as its error code (RFC 6750 §3.1). */
        WWW_AUTHENTICATE_ERROR
    }

    /** Whether this body tells that the caller's bundle key is wrong, which is never a refusal of the token, whatever the rules say. */
    static boolean blamesBundleKey(String body) {
        return body.contains(WRONG_BUNDLE_KEY);
    }

    /** Whether a rule with this text would be met by the answer to a wrong bundle key. */
    public static boolean isInBundleKeyAnswer(String text) {
        return ("Unauthorized – " + WRONG_BUNDLE_KEY).contains(text) || blamesBundleKey(text);
    }

    /**
     * Whether an answer bears this sign.
     *
     * @param body its body, decoded
     * @param errors the error codes of its challenges
     */
    boolean matches(int status, String body, List<String> errors) {
        return statuses.contains(status)
                && switch (sign) {
                    case BODY_CONTAINS -> body.contains(text);
                    case WWW_AUTHENTICATE_ERROR -> errors.stream().anyMatch(text::equalsIgnoreCase);
                };
    }
}
