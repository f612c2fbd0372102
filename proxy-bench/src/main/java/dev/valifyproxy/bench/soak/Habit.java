package dev.valifyproxy.bench.soak;

import java.util.SplittableRandom;

/** What a client may do next, and how often it does so. */
enum Habit {
    GET(15),
    SMALL_POST(30),
    PIPELINE(8),
    EXPECT(8),
    HTTP_10(6),
    TOKEN_PATH(3),
    UPLOAD(6),
    CHUNKED_UPLOAD(4),
    LARGE_ANSWER(4),
    SLOW_UPLOAD(3),
    SLOW_READER(2),
    LEAVES_IN_HEAD(2),
    LEAVES_IN_BODY(3),
    LEAVES_BEFORE_ANSWER(4),
    LEAVES_IN_ANSWER(2);

    private static final int SUM = sum();

    private final int weight;

    Habit(int weight) {
        this.weight = weight;
    }

    /** One of them by chance. */
    static Habit any(SplittableRandom random) {
        int left = random.nextInt(SUM);
        for (Habit habit : values()) {
            left -= habit.weight;
            if (left < 0) {
                return habit;
            }
        }
        throw new AssertionError("the weights add up to less than their sum");
    }

    private static int sum() {
        int sum = 0;
        for (Habit habit : values()) {
            sum += habit.weight;
        }
        return sum;
    }
}
