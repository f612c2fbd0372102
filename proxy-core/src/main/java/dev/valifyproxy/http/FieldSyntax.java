package dev.valifyproxy.http;

import io.netty.util.AsciiString;
import java.util.function.Consumer;

/** The small grammars inside field values. Pure. */
public final class FieldSyntax {

    private FieldSyntax() {}

    /** Calls back for each non-empty element of a comma-separated list, trimmed (RFC 9110 §5.6.1). */
    public static void forEachElement(CharSequence list, Consumer<CharSequence> element) {
        int start = 0;
        int length = list.length();
        for (int i = 0; i <= length; i++) {
            if (i == length || list.charAt(i) == ',') {
                CharSequence trimmed = AsciiString.trim(list.subSequence(start, i));
                if (trimmed.length() > 0) {
                    element.accept(trimmed);
                }
                start = i + 1;
            }
        }
    }

    /** Whether a {@code Host} value is {@code uri-host [":" port]} (RFC 9110 §7.2), reg-names by their common characters. */
    public static boolean isHost(CharSequence value) {
        int length = value.length();
        if (length == 0) {
            return false;
        }
        int end = value.charAt(0) == '[' ? endOfLiteral(value) : endOfName(value);
        return end > 0 && (end == length || isPort(value, end));
    }

    /** A valid {@code Host} value without its port. */
    public static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static int endOfLiteral(CharSequence value) {
        for (int i = 1; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ']') {
                return i > 1 ? i + 1 : -1;
            }
            if (!isHex(c) && c != ':' && c != '.' && c != '%' && !isUnreserved(c)) {
                return -1;
            }
        }
        return -1;
    }

    private static int endOfName(CharSequence value) {
        int i = 0;
        while (i < value.length() && (isUnreserved(value.charAt(i)) || "%!$&'()*+,;=".indexOf(value.charAt(i)) >= 0)) {
            i++;
        }
        return i == 0 ? -1 : i;
    }

    private static boolean isPort(CharSequence value, int colon) {
        if (value.charAt(colon) != ':' || value.length() - colon > 6) {
            return false;
        }
        for (int i = colon + 1; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0;
    }
}
