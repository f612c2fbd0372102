package dev.valifyproxy.testing;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class at whose end a buffer has been found that nobody released: its own, or of a class before it. Registered for all
 * tests by {@code META-INF/services}, and before Netty makes its first detector.
 */
public final class LeakCheck implements AfterAllCallback {

    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    /** A buffer kept alive by a thread's stack may need a second look. */
    private static final int COLLECTIONS = 2;

    private static final long PATIENCE_MILLIS = 5_000;

    static {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @Deprecated
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return new Counting<>(resource, samplingInterval);
            }

            @Override
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
                return new Counting<>(resource, samplingInterval);
            }
        });
    }

    /** Netty's detector, which keeps what it finds in place of logging it. */
    private static final class Counting<T> extends ResourceLeakDetector<T> {

        Counting(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            LEAKS.add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            LEAKS.add(resourceType);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        List<String> leaks = found();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " leaked, the first: " + leaks.get(0));
        }
    }

    /** What has leaked since this was last asked. */
    static List<String> found() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            collectGarbage();
            // Netty looks for leaks when it hands out a buffer.
            ByteBufAllocator.DEFAULT.buffer(1).release();
        }
        return Stream.generate(LEAKS::poll).takeWhile(leak -> leak != null).toList();
    }

    /** Returns when what was unreachable has been found to be. */
    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> sentinel = new PhantomReference<>(new Object(), queue);
        System.gc();
        Reference<?> collected = queue.remove(PATIENCE_MILLIS);
        if (collected != sentinel) {
            throw new AssertionError("no garbage was collected; is System.gc() switched off?");
        }
    }
}
