package dev.valifyproxy.fuzz;

import dev.valifyproxy.exchange.RelayedHeads;
import dev.valifyproxy.http.HopByHop;
import dev.valifyproxy.http.RequestTarget;
import dev.valifyproxy.http1.Http1ClientPipeline;
import dev.valifyproxy.http1.Http1ServerPipeline;
import dev.valifyproxy.worker.HeldWorker;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A client's stream through the real pipelines: in at the client's side, what passes the guard out at the upstream's, as an exchange would
 * send it. Each complete request is answered, at once or only when nothing more can be read.
 */
final class RequestRun {

    /** What the upstream is asked as. */
    static final String HOST = "upstream.test";

    private static final byte[] OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /**
     * What became of a stream.
     *
     * @param upstream bytes sent upstream, of all requests one behind the other
     * @param heads how many heads were let through
     * @param complete how many of their requests came to their end
     * @param refused whether one was refused
     * @param closed whether the client's connection was closed
     */
    record Outcome(byte[] upstream, int heads, int complete, boolean refused, boolean closed) {}

    private final Memory memory = new Memory();
    private final EmbeddedChannel client = memory.channel();
    private final EmbeddedChannel upstream = memory.channel();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private final boolean answersLate;
    private int heads;
    private int complete;
    private int answered;
    private int reusable;
    private boolean refused;

    private RequestRun(boolean answersLate) {
        this.answersLate = answersLate;
        Http1ServerPipeline.build(
                client.pipeline(),
                Runs.SETTINGS,
                new HeldWorker(client).worker(),
                tail -> tail.addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        received((HttpObject) msg);
                    }
                }));
        Http1ClientPipeline.build(
                upstream.pipeline(),
                Runs.SETTINGS,
                channel -> reusable++,
                channel -> {},
                tail -> tail.addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        ReferenceCountUtil.release(msg);
                    }
                }));
    }

    static Outcome of(Pieces pieces, boolean answersLate) {
        return new RequestRun(answersLate).run(pieces);
    }

    private Outcome run(Pieces pieces) {
        for (byte[] piece : pieces.pieces()) {
            while (client.isOpen() && !client.config().isAutoRead()) {
                answer();
            }
            if (client.isOpen()) {
                client.writeInbound(memory.buffer(piece));
                memory.requireBounded();
            }
        }
        while (complete > answered && client.isOpen()) {
            answer();
        }
        boolean closed = !client.isOpen();
        client.finishAndReleaseAll();
        upstream.finishAndReleaseAll();
        memory.requireNothingHeld();
        return new Outcome(sent.toByteArray(), heads, complete, refused, closed);
    }

    private void received(HttpObject part) {
        if (refused) {
            ReferenceCountUtil.release(part);
        } else if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            refuse();
        } else if (part instanceof HttpRequest head) {
            heads++;
            String target = RequestTarget.originForm(head.uri(), head.method().equals(HttpMethod.OPTIONS));
            RelayedHeads.outgoing(head, target, HOST);
            pass(part);
        } else {
            pass(part);
        }
    }

    private void pass(HttpObject part) {
        if (part instanceof LastHttpContent last) {
            HopByHop.stripTrailers(last.trailingHeaders());
        }
        send(part);
        if (part instanceof LastHttpContent) {
            completed();
        }
    }

    private void send(HttpObject part) {
        ChannelFuture written = upstream.writeAndFlush(part);
        if (!written.isSuccess()) {
            throw new AssertionError("what the guard let through cannot be encoded", written.cause());
        }
        Memory.drain(upstream, sent);
    }

    private void completed() {
        complete++;
        if (!answersLate) {
            answer();
        }
    }

    private void answer() {
        if (complete == answered) {
            throw new AssertionError("not read although nothing waits for an answer");
        }
        answered++;
        upstream.writeInbound(memory.buffer(OK));
        if (reusable != answered) {
            throw new AssertionError("an exchange in order left its connection unusable");
        }
        reply(Runs.answer(HttpResponseStatus.OK));
    }

    private void refuse() {
        refused = true;
        HttpResponse answer = Runs.answer(HttpResponseStatus.BAD_REQUEST);
        answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        reply(answer);
    }

    private void reply(HttpResponse answer) {
        client.writeAndFlush(answer);
        client.runPendingTasks();
        Memory.drain(client, answers);
    }
}
