package dev.valifyproxy.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A stream in the pieces in which it arrives. */
record Pieces(List<byte[]> pieces) {

    static Pieces whole(byte[] stream) {
        return new Pieces(stream.length == 0 ? List.of() : List.of(stream));
    }

    /** Cut at random positions; half of the seeds cut often, half seldom, and the first at each byte. */
    static Pieces cut(byte[] stream, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int longest = seed == 0 ? 1 : (seed & 1) == 0 ? 8 : Math.max(1, stream.length);
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < stream.length; ) {
            int end = Math.min(stream.length, at + 1 + random.nextInt(longest));
            pieces.add(Arrays.copyOfRange(stream, at, end));
            at = end;
        }
        return new Pieces(pieces);
    }
}
