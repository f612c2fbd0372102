package dev.valifyproxy.http1;

import dev.valifyproxy.http.MessageKinds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpMessage;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages as bytes (RFC 9112 §2.1, §7.1): fields as they came where nobody changed them. What is small is gathered until it is
 * flushed, so that a head, a short body and what frames it are one write of the socket's. One per channel, on its event loop; it owns what
 * it gathers.
 */
abstract class MessageEncoder extends ChannelOutboundHandlerAdapter {

    /** Gathered at the most; larger contents are passed on as they are, for to copy them would cost more than a second buffer. */
    private static final int MAX_GATHERED = 8 * 1024;

    /** Room for a head and a short body. */
    private static final int FIRST_GATHERED = 1024;

    private static final int CRLF = (HttpConstants.CR << 8) | HttpConstants.LF;

    /** A chunk's size and line ends at their longest, and the last chunk. */
    private static final int CHUNK_FRAMING = 24;

    private enum Framing {
        PLAIN,
        CHUNKED,
        /** The head stands alone, whatever is written behind it. */
        NO_BODY
    }

    private Framing framing = Framing.PLAIN;
    private @Nullable ByteBuf gathered;

    /** Who waits for what is gathered; of no meaning while nothing is. */
    private @Nullable ChannelPromise awaiting;

    /** Whether a head has no body, whatever its fields say. */
    abstract boolean isBodiless(HttpMessage head);

    /** Bytes of its first line at the most. */
    abstract int firstLineBound(HttpMessage head);

    /** Writes its first line without the end. */
    abstract void writeFirstLine(HttpMessage head, ByteBuf out);

    @Override
    public final void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        boolean isLast = MessageKinds.isLast(msg);
        if (msg instanceof DefaultHttpMessage head) {
            writeHead(ctx, head, isLast ? ctx.voidPromise() : promise);
            if (isLast) {
                writeContent(ctx, msg, promise);
            }
        } else if (isLast || msg instanceof DefaultHttpContent) {
            writeContent(ctx, msg, promise);
        } else {
            passOn(ctx);
            ctx.write(msg, promise);
        }
    }

    private void writeHead(ChannelHandlerContext ctx, HttpMessage head, ChannelPromise promise) {
        if (isBodiless(head)) {
            framing = Framing.NO_BODY;
        } else {
            framing = HttpUtil.isTransferEncodingChunked(head) ? Framing.CHUNKED : Framing.PLAIN;
        }
        ByteBuf out = gather(ctx, firstLineBound(head) + HeadFields.sizeBound(head.headers()) + 4, promise);
        writeFirstLine(head, out);
        out.writeShort(CRLF);
        HeadFields.write(head.headers(), out);
        out.writeShort(CRLF);
        passOnIfRefused(ctx);
    }

    private void writeContent(ChannelHandlerContext ctx, Object content, ChannelPromise promise) {
        ByteBuf data = MessageKinds.content(content);
        int size = data.readableBytes();
        if (promise.isVoid() && isNothing(content, size)) {
            data.release();
        } else if (framing == Framing.NO_BODY || size <= MAX_GATHERED / 2) {
            append(content, data, gather(ctx, size + CHUNK_FRAMING, promise));
            data.release();
            passOnIfRefused(ctx);
        } else if (framing == Framing.PLAIN) {
            passOn(ctx);
            ctx.write(data, promise);
        } else {
            appendSize(size, gather(ctx, CHUNK_FRAMING, ctx.voidPromise()));
            passOn(ctx);
            ctx.write(data, ctx.voidPromise());
            ByteBuf out = gather(ctx, CHUNK_FRAMING, promise);
            out.writeShort(CRLF);
            appendEnd(content, out);
            passOnIfRefused(ctx);
        }
    }

    private boolean isNothing(Object content, int size) {
        boolean chunked = framing == Framing.CHUNKED;
        return framing == Framing.NO_BODY || (size == 0 && !(chunked && MessageKinds.isLast(content)));
    }

    /** Where to write this many bytes, for which this promise waits. */
    private ByteBuf gather(ChannelHandlerContext ctx, int size, ChannelPromise promise) {
        ByteBuf out = gathered;
        ChannelPromise before = awaiting;
        boolean twoWait = !promise.isVoid() && before != null && !before.isVoid();
        if (out != null && (twoWait || out.readableBytes() + size > MAX_GATHERED)) {
            passOn(ctx);
            out = null;
        }
        if (out == null) {
            out = ctx.alloc().directBuffer(Math.max(size, FIRST_GATHERED));
            gathered = out;
            awaiting = promise;
        } else if (!promise.isVoid()) {
            awaiting = promise;
        }
        return out;
    }

    private void passOn(ChannelHandlerContext ctx) {
        ByteBuf out = gathered;
        ChannelPromise promise = awaiting;
        if (out != null && promise != null) {
            gathered = null;
            awaiting = null;
            ctx.write(out, promise);
        }
    }

    /** A transport that takes nothing more says so at once, to whom it matters that not a byte has left. */
    private void passOnIfRefused(ChannelHandlerContext ctx) {
        if (ctx.channel().unsafe().outboundBuffer() == null) {
            passOn(ctx);
        }
    }

    @Override
    public final void flush(ChannelHandlerContext ctx) {
        passOn(ctx);
        ctx.flush();
    }

    /** What was not flushed does not leave. */
    @Override
    public final void handlerRemoved(ChannelHandlerContext ctx) {
        ByteBuf out = gathered;
        if (out != null) {
            gathered = null;
            out.release();
        }
        ChannelPromise promise = awaiting;
        if (promise != null && !promise.isVoid()) {
            promise.tryFailure(new ClosedChannelException());
        }
        awaiting = null;
    }

    private void append(Object content, ByteBuf data, ByteBuf out) {
        if (framing == Framing.PLAIN) {
            out.writeBytes(data, data.readerIndex(), data.readableBytes());
        } else if (framing == Framing.CHUNKED) {
            if (data.isReadable()) {
                appendSize(data.readableBytes(), out);
                out.writeBytes(data, data.readerIndex(), data.readableBytes());
                out.writeShort(CRLF);
            }
            appendEnd(content, out);
        }
    }

    private static void appendSize(int size, ByteBuf out) {
        ByteBufUtil.writeAscii(out, Integer.toHexString(size));
        out.writeShort(CRLF);
    }

    private static void appendEnd(Object content, ByteBuf out) {
        if (content instanceof LastHttpContent last) {
            out.writeByte('0');
            out.writeShort(CRLF);
            HeadFields.write(last.trailingHeaders(), out);
            out.writeShort(CRLF);
        }
    }
}
