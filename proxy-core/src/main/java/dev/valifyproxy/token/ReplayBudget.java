package dev.valifyproxy.token;

import java.util.concurrent.atomic.AtomicInteger;

/** How many second tries there may be: 64 at once, then one for every ten calls. Lock-free, any thread. */
public final class ReplayBudget {

    /** What a second try costs; a call earns 1. */
    private static final int PRICE = 10;

    private static final int MOST = 64 * PRICE;

    private final AtomicInteger saved = new AtomicInteger(MOST);

    /** A first try was made. */
    public void call() {
        int now = saved.get();
        while (now < MOST && !saved.compareAndSet(now, now + 1)) {
            now = saved.get();
        }
    }

    /** Takes a second try from the budget; false if there is none. */
    public boolean trySpend() {
        int now = saved.get();
        while (now >= PRICE) {
            if (saved.compareAndSet(now, now - PRICE)) {
                return true;
            }
            now = saved.get();
        }
        return false;
    }
}
