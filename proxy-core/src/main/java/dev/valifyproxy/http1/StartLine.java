package dev.valifyproxy.http1;

/** The shape of a message's first line, in both directions (RFC 9112 §3, §4). Throws what the decoder takes for a malformed line. */
final class StartLine {

    private static final String HTTP_1 = "HTTP/1.";
    private static final String OURS = "HTTP/1.1";

    private StartLine() {}

    /** Words are parted by one space, and nothing stands before the first. */
    static void requireSingleSpaceBefore(byte[] line, int start) {
        if (line[start - 1] != ' ' || line[start - 2] == ' ' || line[start - 2] == '\t') {
            throw new IllegalArgumentException("not one space between the words of a first line");
        }
    }

    static void requireNothingBefore(int start) {
        if (start != 0) {
            throw new IllegalArgumentException("a first line that begins with a space");
        }
    }

    /** A status is three digits. */
    static void requireStatus(byte[] line, int start, int length) {
        requireSingleSpaceBefore(line, start);
        for (int i = start; i < start + length; i++) {
            if (line[i] < '0' || line[i] > '9' || length != 3) {
                throw new IllegalArgumentException("a status that is not three digits");
            }
        }
    }

    /** A reason stands behind a space, and is text. */
    static void requireReason(byte[] line, int start, int length) {
        if (line[start - 1] != ' ') {
            throw new IllegalArgumentException("no space between status and reason");
        }
        for (int i = start; i < start + length; i++) {
            if ((line[i] >= 0 && line[i] < ' ' && line[i] != '\t') || line[i] == 0x7f) {
                throw new IllegalArgumentException("a control character in a reason");
            }
        }
    }

    /** The version to treat a message as: a higher minor version than ours is ours (RFC 9110 §6.2). HTTP's name is in capitals. */
    static String version(String word) {
        if (!word.startsWith("HTTP/")) {
            throw new IllegalArgumentException("a first line without HTTP's name");
        }
        boolean isHigher = word.length() == OURS.length() && word.startsWith(HTTP_1) && word.charAt(7) > '1';
        return isHigher && word.charAt(7) <= '9' ? OURS : word;
    }
}
