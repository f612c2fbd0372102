package dev.valifyproxy.token;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether a limit of the configuration makes calls wait of late, told once when it begins and once when it has ended, however often
 * the line empties between. Mint thread only, save {@link #current()}.
 */
final class LimitWatch {

    private static final long MEMORY_NANOS = Duration.ofSeconds(10).toNanos();

    private final PoolListener listener;
    private long lastSeenNanos;
    private volatile @Nullable MintLimit current;

    LimitWatch(PoolListener listener) {
        this.listener = listener;
    }

    /** The limit that made a call wait within the last ten seconds, or null; any thread. */
    @Nullable
    MintLimit current() {
        return current;
    }

    /** A call waits because of this limit. */
    void saw(MintLimit limit, long now) {
        listener.heldBack(limit);
        lastSeenNanos = now;
        if (limit != current) {
            change(limit);
        }
    }

    /**
     * Looks whether it is over.
     *
     * @param limit what holds calls in line back at present, or null
     */
    void look(@Nullable MintLimit limit, long now) {
        if (limit != null) {
            lastSeenNanos = now;
        } else if (current != null && now - lastSeenNanos >= MEMORY_NANOS) {
            change(null);
        }
    }

    private void change(@Nullable MintLimit limit) {
        current = limit;
        listener.limitChanged(limit);
    }
}
