package dev.valifyproxy.bench.soak;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Collects what Netty's leak detector reports, of every buffer there is. To be installed before the first buffer is made, for a class of
 * buffers keeps the detector it began with.
 */
final class Leaks extends ResourceLeakDetectorFactory {

    private static final Leaks INSTALLED = new Leaks();

    private final Queue<String> reports = new ConcurrentLinkedQueue<>();

    private Leaks() {}

    /** Watches from now on; what was reported before is forgotten. */
    static Leaks install() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(INSTALLED);
        INSTALLED.reports.clear();
        return INSTALLED;
    }

    /** What has been reported, each with the places where it was last touched; complete after a collection of garbage. */
    Queue<String> reports() {
        // A buffer's leak is reported when the next one is made.
        ByteBufAllocator.DEFAULT.directBuffer(1).release();
        ByteBufAllocator.DEFAULT.heapBuffer(1).release();
        return reports;
    }

    @Override
    @SuppressWarnings("deprecation") // of two ways to make one, the older is the abstract one
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int interval, long maxActive) {
        return new Detector<>(resource, interval);
    }

    /** One for each class of resources. */
    private final class Detector<T> extends ResourceLeakDetector<T> {

        private Detector(Class<?> resource, int interval) {
            super(resource, interval);
        }

        /** Whatever the level of its log. */
        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String type, String records) {
            reports.add(type + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
            reports.add(type);
        }
    }
}
