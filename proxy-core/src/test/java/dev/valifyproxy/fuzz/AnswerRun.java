package dev.valifyproxy.fuzz;

import dev.valifyproxy.exchange.RelayedHeads;
import dev.valifyproxy.http.HopByHop;
import dev.valifyproxy.http1.Http1ClientPipeline;
import dev.valifyproxy.http1.Http1ServerPipeline;
import dev.valifyproxy.worker.HeldWorker;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An upstream's bytes through the real pipelines: in at the upstream's side, out at the client's, as an exchange would relay them. */
final class AnswerRun {

    /** Marks an answer of our own, in place of one that cannot be relayed. */
    static final String OURS = "x-ours";

    /** Who asked, and how the upstream's connection ends behind its bytes. */
    record Asked(boolean head, boolean http10, boolean reset) {

        /** One of the eight combinations. */
        static Asked of(long seed) {
            return new Asked((seed & 1) != 0, (seed & 2) != 0, (seed & 4) != 0);
        }

        private byte[] request() {
            String version = http10 ? "HTTP/1.0\r\nConnection: keep-alive" : "HTTP/1.1";
            return ((head ? "HEAD" : "GET") + " / " + version + "\r\nHost: a\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }
    }

    /**
     * What became of an answer.
     *
     * @param client bytes sent to the client
     * @param brokenOff whether the client's answer was broken off
     * @param closed whether the client's connection ended in order behind it
     * @param reusable whether the upstream's connection would be used again
     */
    record Outcome(byte[] client, boolean brokenOff, boolean closed, boolean reusable) {}

    private final Memory memory = new Memory();
    private final EmbeddedChannel client = memory.channel();
    private final EmbeddedChannel upstream = memory.channel();
    private final ByteArrayOutputStream relayed = new ByteArrayOutputStream();
    private boolean begun;
    private boolean ended;
    private boolean brokenOff;
    private int reusable;

    private AnswerRun() {
        Http1ServerPipeline.build(
                client.pipeline(),
                Runs.SETTINGS,
                new HeldWorker(client).worker(),
                tail -> tail.addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        if (msg instanceof HttpRequest head) {
                            RelayedHeads.outgoing(head, head.uri(), RequestRun.HOST);
                        }
                        upstream.writeAndFlush(msg);
                    }
                }));
        Http1ClientPipeline.build(
                upstream.pipeline(),
                Runs.SETTINGS,
                channel -> reusable++,
                channel -> {},
                tail -> tail.addLast(new Relay()));
    }

    private final class Relay extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (ended) {
                ReferenceCountUtil.release(msg);
            } else {
                relay((HttpObject) msg);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!ended) {
                fail();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!(cause instanceof IOException)) {
                throw new AssertionError("an exception on the upstream's side", cause);
            }
            ctx.close();
        }
    }

    static Outcome of(Pieces pieces, Asked asked) {
        return new AnswerRun().run(pieces, asked);
    }

    private Outcome run(Pieces pieces, Asked asked) {
        client.writeInbound(memory.buffer(asked.request()));
        for (byte[] piece : pieces.pieces()) {
            if (upstream.isOpen()) {
                upstream.writeInbound(memory.buffer(piece));
                memory.requireBounded();
            }
        }
        boolean mayBeUsedAgain = reusable > 0 && upstream.isOpen();
        if (asked.reset() && upstream.isOpen()) {
            upstream.pipeline().fireExceptionCaught(new IOException("Connection reset"));
        }
        // As the transport does at the end of what there is to read.
        upstream.unsafe().close(upstream.voidPromise());
        upstream.finishAndReleaseAll();
        Memory.drain(client, relayed);
        boolean closed = !client.isOpen() && !brokenOff;
        client.finishAndReleaseAll();
        memory.requireNothingHeld();
        RequestCheck.require(ended, "the client was never answered");
        return new Outcome(relayed.toByteArray(), brokenOff, closed, mayBeUsedAgain);
    }

    private void relay(HttpObject part) {
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            fail();
            return;
        }
        if (part instanceof HttpResponse head) {
            prepare(head);
        }
        if (part instanceof LastHttpContent last) {
            ended = true;
            HopByHop.stripTrailers(last.trailingHeaders());
        }
        write(part);
    }

    private void prepare(HttpResponse head) {
        if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            HopByHop.strip(head.headers());
        } else {
            begun = true;
            RelayedHeads.incoming(head);
        }
    }

    private void fail() {
        ended = true;
        if (begun) {
            brokenOff = true;
            client.pipeline().lastContext().close();
        } else {
            HttpResponse answer = Runs.answer(HttpResponseStatus.BAD_GATEWAY);
            answer.headers().set(OURS, "1");
            write(answer);
        }
        upstream.close();
    }

    private void write(Object msg) {
        var written = client.pipeline().lastContext().writeAndFlush(msg);
        client.runPendingTasks();
        if (written.isDone() && !written.isSuccess()) {
            throw new AssertionError("what the guard let through cannot be encoded", written.cause());
        }
        Memory.drain(client, relayed);
    }
}
