package dev.valifyproxy.http;

/**
 * Recognises the path of Valify's token endpoint, however it is spelt: a client's own credentials must never go upstream because of
 * a doubled slash. Pure.
 */
public final class TokenPath {

    private static final String PATH = "/api/o/token";

    private TokenPath() {}

    /** Whether an origin-form target names the token endpoint. */
    public static boolean matches(String target) {
        int end = RequestTarget.pathEnd(target);
        return NormalPath.isPlain(target, end)
                ? isTokenPath(target, end)
                : NormalPath.of(target).equals(PATH);
    }

    /** Without a new text: each call's path comes by here. */
    private static boolean isTokenPath(String target, int end) {
        int length = end > 0 && target.charAt(end - 1) == '/' ? end - 1 : end;
        return length == PATH.length() && target.startsWith(PATH);
    }
}
