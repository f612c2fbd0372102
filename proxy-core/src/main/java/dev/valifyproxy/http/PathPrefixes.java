package dev.valifyproxy.http;

import java.util.List;

/** Prefixes of paths, in whole segments and compared in {@linkplain NormalPath normal form}. Immutable; any thread. */
public final class PathPrefixes {

    /** Each in its normal form. */
    private final String[] prefixes;

    /** Of these prefixes, however they are spelt. */
    public PathPrefixes(List<String> prefixes) {
        this.prefixes = prefixes.stream().map(NormalPath::of).toArray(String[]::new);
    }

    /**
     * The place in the list of the longest prefix of an origin-form target's path, or -1 if there is none. Allocates nothing for a path
     * that is in normal form.
     */
    public int longestOf(String target) {
        int end = RequestTarget.pathEnd(target);
        if (NormalPath.isPlain(target, end)) {
            return longestOf(target, end);
        }
        String path = NormalPath.of(target);
        return longestOf(path, path.length());
    }

    private int longestOf(String path, int end) {
        int longest = -1;
        for (int i = 0; i < prefixes.length; i++) {
            if (NormalPath.isWithin(path, end, prefixes[i])
                    && (longest < 0 || prefixes[i].length() > prefixes[longest].length())) {
                longest = i;
            }
        }
        return longest;
    }
}
