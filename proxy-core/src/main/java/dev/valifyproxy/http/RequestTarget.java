package dev.valifyproxy.http;

import org.jspecify.annotations.Nullable;

/** The forms of a request target (RFC 9112 §3.2). Pure. */
public final class RequestTarget {

    private RequestTarget() {}

    /** Whether every character may stand in a target: visible ASCII without {@code #}, which begins a fragment. */
    public static boolean isWellFormed(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return !target.isEmpty();
    }

    /**
     * The origin-form or asterisk-form of a target, byte for byte as sent; an absolute-form loses scheme and authority (RFC 9112
     * §3.2.2).
     *
     * @return null if it is of no form that this proxy serves
     */
    public static @Nullable String originForm(String target, boolean isOptions) {
        if (target.charAt(0) == '/') {
            return target;
        }
        if (target.equals("*")) {
            return isOptions ? target : null;
        }
        String authority = authority(target);
        if (authority == null || !FieldSyntax.isHost(authority)) {
            return null;
        }
        int end = endOfScheme(target) + authority.length();
        if (end == target.length()) {
            return isOptions ? "*" : "/";
        }
        String rest = target.substring(end);
        return rest.charAt(0) == '?' ? "/" + rest : rest;
    }

    /** The authority of an absolute-form target, which counts in place of {@code Host} (RFC 9112 §3.2.2); null for other forms. */
    public static @Nullable String authority(String target) {
        int start = endOfScheme(target);
        if (start < 0) {
            return null;
        }
        int end = start;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        return target.substring(start, end);
    }

    private static int endOfScheme(String target) {
        if (target.regionMatches(true, 0, "http://", 0, 7)) {
            return 7;
        }
        return target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
    }

    /** Where the path of an origin-form ends: at its query, or at its end. */
    public static int pathEnd(String originForm) {
        int query = originForm.indexOf('?');
        return query < 0 ? originForm.length() : query;
    }
}
