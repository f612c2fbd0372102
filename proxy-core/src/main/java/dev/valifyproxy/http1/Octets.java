package dev.valifyproxy.http1;

import io.netty.handler.codec.http.HttpConstants;

/** What single octets are in HTTP's grammar (RFC 9110 §5.6), and where runs of them end. Pure. */
final class Octets {

    /** RFC 9110 §5.6.2, beside letters and digits. */
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private static final boolean[] TOKEN = new boolean[256];

    private static final byte[] LOWER_CASE = new byte[256];

    static {
        for (int b = 0; b < 256; b++) {
            LOWER_CASE[b] = (byte) (b >= 'A' && b <= 'Z' ? b | 0x20 : b);
        }
        for (int b = 0; b < 128; b++) {
            TOKEN[b] = (b >= 'a' && b <= 'z')
                    || (b >= 'A' && b <= 'Z')
                    || (b >= '0' && b <= '9')
                    || TOKEN_MARKS.indexOf(b) >= 0;
        }
    }

    private Octets() {}

    /** Where a run of token characters that begins here ends. */
    static int endOfToken(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && TOKEN[bytes[i] & 0xff]) {
            i++;
        }
        return i;
    }

    /** Where a run of what may stand in a field's value, blanks included, ends (RFC 9110 §5.5). */
    static int endOfText(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && isText(bytes[i])) {
            i++;
        }
        return i;
    }

    /** Whether two runs of this length are the same but for the case of letters (RFC 9110 §5.1). */
    static boolean areSameLetters(byte[] some, int from, byte[] others, int othersFrom, int length) {
        for (int i = 0; i < length; i++) {
            byte one = some[from + i];
            byte other = others[othersFrom + i];
            if (one != other && LOWER_CASE[one & 0xff] != LOWER_CASE[other & 0xff]) {
                return false;
            }
        }
        return true;
    }

    /** Visible, blank, or above ASCII. */
    static boolean isText(byte b) {
        return b >= HttpConstants.SP ? b != HttpConstants.DEL : b < 0 || b == HttpConstants.HT;
    }

    static boolean isBlank(byte b) {
        return b == HttpConstants.SP || b == HttpConstants.HT;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hexValue(byte b) {
        if (isDigit(b)) {
            return b - '0';
        }
        int letter = b | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
