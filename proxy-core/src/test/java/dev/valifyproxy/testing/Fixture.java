package dev.valifyproxy.testing;

import dev.valifyproxy.Proxy;
import dev.valifyproxy.ProxyBuilder;
import dev.valifyproxy.exchange.CallRecord;
import dev.valifyproxy.token.PoolStats;
import dev.valifyproxy.upstream.UpstreamStats;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A proxy between a scripted upstream and raw clients, its tokens from a {@link CountingSource}. */
public final class Fixture implements AutoCloseable {

    public final ScriptedUpstream upstream;
    /** Of looking for leaks: in service, where buffers are lent again and again (LoopBuffers), there is none. */
    private static final ResourceLeakDetector.Level LEVEL = Boolean.getBoolean("test.as-shipped")
            ? ResourceLeakDetector.Level.DISABLED
            : ResourceLeakDetector.Level.PARANOID;

    public final CountingSource source = new CountingSource();
    public final List<CallRecord> calls = new CopyOnWriteArrayList<>();
    public final Proxy proxy;

    public Fixture() throws IOException {
        this(config -> {});
    }

    public Fixture(Consumer<TestConfig> change) throws IOException {
        this(change, source -> {});
    }

    public Fixture(Consumer<TestConfig> change, Consumer<CountingSource> tokens) throws IOException {
        this(change, tokens, builder -> {});
    }

    public Fixture(Consumer<TestConfig> change, Consumer<CountingSource> tokens, Consumer<ProxyBuilder> parts)
            throws IOException {
        assert ResourceLeakDetector.getLevel() == LEVEL : "run tests as the build does";
        upstream = new ScriptedUpstream(ScriptedUpstream.answering(ScriptedUpstream.OK));
        TestConfig config = new TestConfig(upstream.uri());
        change.accept(config);
        tokens.accept(source);
        ProxyBuilder builder =
                Proxy.builder(config.build()).tokenSource("default", source).callListener(calls::add);
        parts.accept(builder);
        proxy = builder.start();
    }

    public RawClient client() throws IOException {
        return new RawClient(proxy.port());
    }

    /** Sends one request on a connection of its own and reads the answer. */
    public RawClient.Response call(String request) throws IOException {
        try (RawClient client = client()) {
            return client.send(request).read();
        }
    }

    /** The pool's numbers at this moment. */
    public PoolStats pool() {
        return proxy.status().profiles().get(0).pool();
    }

    /** Those of the connections to the upstream. */
    public UpstreamStats connections() {
        return proxy.status().profiles().get(0).upstream();
    }

    /** Waits for something that happens on another thread; fails a test that waits in vain. */
    public static void await(String what, BooleanSupplier condition) {
        long patience = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > patience) {
                throw new AssertionError("waited in vain until " + what);
            }
            Thread.onSpinWait();
        }
    }

    /** Becomes true once this time has passed. */
    public static BooleanSupplier elapsed(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        return () -> System.nanoTime() - until > 0;
    }

    /** The record of the n-th call to end, from 0. */
    public CallRecord ended(int n) {
        await("call " + n + " has ended", () -> calls.size() > n);
        return calls.get(n);
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        upstream.close();
    }
}
