package dev.valifyproxy.bench.simulator;

import java.util.Arrays;

/** A list of times or durations in nanoseconds that grows. */
final class Times {

    private long[] nanos = new long[64];
    private int size;

    void add(long time) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
        }
        nanos[size++] = time;
    }

    int size() {
        return size;
    }

    long get(int index) {
        return nanos[index];
    }

    void sort() {
        Arrays.sort(nanos, 0, size);
    }
}
