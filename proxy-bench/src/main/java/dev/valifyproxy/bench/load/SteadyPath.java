package dev.valifyproxy.bench.load;

import com.sun.management.ThreadMXBean;
import com.typesafe.config.ConfigFactory;
import dev.valifyproxy.Proxy;
import dev.valifyproxy.config.ProxyConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Counts what a call costs where a token is ready and both connections are kept: bytes allocated, times a socket is read and told to send,
 * system calls. These do not depend on how fast or busy the machine is. Prints {@code name = number} lines, each for one call.
 *
 * <p>Meant for a Java machine of its own that is told not to use its second compiler ({@code -XX:TieredStopAtLevel=1}): which allocations
 * that one removes depends on when it gets to a method. So the numbers are what the code asks for, an upper bound of what is paid.
 */
public final class SteadyPath {

    private static final String PATH = "/api/v1.5/ocr/";
    private static final int BODY_BYTES = 1_000;
    private static final int CONNECTIONS = 8;
    private static final long FEW_CALLS = 2_000;
    private static final long MANY_CALLS = 12_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Names of the threads of the only event loops. */
    private static final String WORKER = "worker-";

    private static final String BARE = "bare-";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private SteadyPath() {}

    /** Measures and ends. */
    public static void main(String[] args) throws IOException, InterruptedException {
        StrictUpstream.Settings settings = StrictUpstream.Settings.DEFAULT.withUses(1_000);
        try (StrictUpstream upstream = new StrictUpstream(settings);
                BarePassThrough bare = new BarePassThrough(upstream.uri(), "bare");
                Proxy proxy = Proxy.builder(config(upstream.uri())).start()) {
            URI plain = bare.uri().resolve("/plain/x");
            URI call = proxy.uri().resolve(PATH);
            print("bare.allocated", allocated(plain, BARE));
            print("proxy.allocated", allocated(call, WORKER));
            sockets(call);
            systemCalls("bare", plain, BARE);
            systemCalls("proxy", call, WORKER);
        }
    }

    private static ProxyConfig config(URI upstream) {
        Map<String, Object> values = Map.of(
                "upstream.base-url",
                upstream.toString(),
                "server.bind",
                "127.0.0.1",
                "server.port",
                0,
                "server.workers",
                1,
                "token.max-uses",
                1_000,
                "token.floor",
                10_000,
                "token.username",
                "steady",
                "token.password",
                "steady",
                "token.client-id",
                "steady",
                "token.client-secret",
                "steady");
        return ProxyConfig.from(
                ConfigFactory.parseMap(values).atPath("valify-proxy").withFallback(ConfigFactory.load()));
    }

    /** What a call allocates on its loop: the difference of two runs, so that what connections and the first calls cost cancels out. */
    private static double allocated(URI uri, String loop) throws IOException, InterruptedException {
        call(uri, MANY_CALLS, CONNECTIONS);
        long begun = allocatedSoFar(loop);
        call(uri, FEW_CALLS, CONNECTIONS);
        long between = allocatedSoFar(loop);
        call(uri, MANY_CALLS, CONNECTIONS);
        long end = allocatedSoFar(loop);
        return ((end - between) - (between - begun)) / (double) (MANY_CALLS - FEW_CALLS);
    }

    private static long allocatedSoFar(String loop) {
        return THREADS.getThreadAllocatedBytes(thread(loop).getId());
    }

    private static Thread thread(String loop) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(loop))
                .reduce((one, other) -> {
                    throw new IllegalStateException("more than one event loop: " + one + ", " + other);
                })
                .orElseThrow();
    }

    private static void sockets(URI uri) throws IOException, InterruptedException {
        ChannelCounts.Counts before = ChannelCounts.on(thread(WORKER));
        call(uri, MANY_CALLS, CONNECTIONS);
        ChannelCounts.Counts after = ChannelCounts.on(thread(WORKER));
        print("proxy.reads", (after.reads() - before.reads()) / (double) MANY_CALLS);
        print("proxy.flushes", (after.flushes() - before.flushes()) / (double) MANY_CALLS);
    }

    /** One call at a time, else several are served at one wake-up, and how many depends on the machine. */
    private static void systemCalls(String name, URI uri, String loop) throws IOException, InterruptedException {
        try (SystemCalls counted = SystemCalls.of(thread(loop).getName())) {
            if (counted == null) {
                System.err.println("no system calls are counted: strace is not there, or may not trace");
                return;
            }
            call(uri, FEW_CALLS, 1);
            Map<String, Long> calls = counted.stop();
            calls.forEach((each, times) -> print(name + ".system-calls." + each, times / (double) FEW_CALLS));
            long all = calls.values().stream().mapToLong(Long::longValue).sum();
            print(name + ".system-calls", all / (double) FEW_CALLS);
        }
    }

    private static void call(URI uri, long calls, int connections) throws IOException, InterruptedException {
        OpenLoop.Plan plan = new OpenLoop.Plan(Schedule.atOnce(calls), connections, 0, PATIENCE);
        Outcome outcome = new OpenLoop(new Target(uri, BODY_BYTES, StrictUpstream.ANSWER_BYTES), plan).run();
        if (outcome.wrong() > 0) {
            throw new IllegalStateException(outcome.wrong() + " answers were wrong");
        }
    }

    private static void print(String name, double perCall) {
        System.out.printf(Locale.ROOT, "%s = %.2f%n", name, perCall);
    }
}
