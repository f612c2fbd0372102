package dev.valifyproxy.bench.jmh;

import dev.valifyproxy.http.HopByHop;
import dev.valifyproxy.http1.Http1ClientPipeline;
import dev.valifyproxy.http1.Http1ServerPipeline;
import dev.valifyproxy.http1.Http1Settings;
import dev.valifyproxy.worker.Transport;
import dev.valifyproxy.worker.Worker;
import dev.valifyproxy.worker.WorkerSettings;
import dev.valifyproxy.worker.Workers;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpServerCodec;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a head costs: {@code read} from bytes and held to the rules, its answer written; {@code carried}, the same and copied to the
 * upstream's side without its hop-by-hop fields, its answer read there. The same by Netty's own codecs, which check little and drop nothing, to tell what
 * is ours. No sockets; run with {@code -prof gc} to see what each allocates.
 *
 * <p>Each call runs on a worker's event loop, as the handlers demand; what that hand-over costs is shared by {@value #HEADS} heads.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(CarryHead.HEADS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class CarryHead {

    static final int HEADS = 1_000;

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Http1Settings SETTINGS = new Http1Settings(8 << 10, 32 << 10, 100, MINUTE, MINUTE, 0, MINUTE);

    private Workers workers;
    private HeadPath read;
    private HeadPath carried;
    private HeadPath readByNetty;
    private HeadPath carriedByNetty;

    /** JMH sets the paths up before it measures. */
    @SuppressWarnings("NullAway.Init")
    public CarryHead() {}

    /** Builds all pipelines. */
    @Setup
    public void build() throws Exception {
        workers = new Workers(new WorkerSettings(Transport.NIO, 1), System::nanoTime);
        Worker worker = workers.all().get(0);
        worker.loop().submit(() -> build(worker)).get();
    }

    private void build(Worker worker) {
        read = new HeadPath(client -> ours(client, worker), null);
        carried = new HeadPath(client -> ours(client, worker), CarryHead::ours);
        readByNetty = new HeadPath(client -> client.pipeline().addFirst(new HttpServerCodec()), null);
        carriedByNetty = new HeadPath(
                client -> client.pipeline().addFirst(new HttpServerCodec()),
                upstream -> upstream.pipeline().addFirst(new HttpClientCodec()));
        carried.onHead(head -> HopByHop.strip(head.headers()));
    }

    private static void ours(EmbeddedChannel client, Worker worker) {
        Http1ServerPipeline.build(client.pipeline(), SETTINGS, worker, tail -> {});
    }

    private static void ours(EmbeddedChannel upstream) {
        Http1ClientPipeline.build(upstream.pipeline(), SETTINGS, reusable -> {}, closing -> {}, tail -> {});
    }

    /** Ends the event loop. */
    @TearDown
    public void close() {
        workers.close().awaitUninterruptibly();
    }

    /** Decoder, rules, queue and deadlines of the client's side. */
    @Benchmark
    public void read() throws Exception {
        run(read);
    }

    /** The same, and the upstream's side. */
    @Benchmark
    public void carried() throws Exception {
        run(carried);
    }

    /** Netty's server codec alone. */
    @Benchmark
    public void readByNetty() throws Exception {
        run(readByNetty);
    }

    /** Netty's server and client codecs. */
    @Benchmark
    public void carriedByNetty() throws Exception {
        run(carriedByNetty);
    }

    private void run(HeadPath path) throws Exception {
        workers.all()
                .get(0)
                .loop()
                .submit(() -> {
                    for (int head = 0; head < HEADS; head++) {
                        path.call();
                    }
                })
                .get();
    }
}
