package dev.valifyproxy.http1;

/** The version that a message's first line tells, in both directions. */
final class StartLine {

    private static final String HTTP_1 = "HTTP/1.";
    private static final String OURS = "HTTP/1.1";

    private StartLine() {}

    /** The version to treat a message as: a higher minor version than ours is ours (RFC 9110 §6.2). */
    static String version(String word) {
        boolean isHigher = word.length() == OURS.length() && word.startsWith(HTTP_1) && word.charAt(7) > '1';
        return isHigher && word.charAt(7) <= '9' ? OURS : word;
    }
}
