package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpMessage;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Writes messages as bytes (RFC 9112 §2.1, §7.1): fields as they came where nobody changed them, small contents in one piece with what
 * frames them. One per channel, on its event loop.
 */
abstract class MessageEncoder extends ChannelOutboundHandlerAdapter {

    /** Up to here a content is copied: that costs less than a second buffer for the socket to gather. */
    private static final int COPIED = 8 * 1024;

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

    /** Whether a head has no body, whatever its fields say. */
    abstract boolean isBodiless(HttpMessage head);

    /** Bytes of its first line at the most. */
    abstract int firstLineBound(HttpMessage head);

    /** Writes its first line without the end. */
    abstract void writeFirstLine(HttpMessage head, ByteBuf out);

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof HttpMessage head) {
            begin(head);
            ByteBuf out = encoded(ctx, head);
            if (!(msg instanceof FullHttpMessage whole)) {
                ctx.write(out, promise);
            } else if (isCopied(whole)) {
                append(whole, out);
                whole.release();
                ctx.write(out, promise);
            } else {
                ctx.write(out, ctx.voidPromise());
                writeContent(ctx, whole, promise);
            }
        } else if (msg instanceof HttpContent content) {
            writeContent(ctx, content, promise);
        } else {
            ctx.write(msg, promise);
        }
    }

    private void begin(HttpMessage head) {
        if (isBodiless(head)) {
            framing = Framing.NO_BODY;
        } else {
            framing = HttpUtil.isTransferEncodingChunked(head) ? Framing.CHUNKED : Framing.PLAIN;
        }
    }

    private ByteBuf encoded(ChannelHandlerContext ctx, HttpMessage head) {
        int bound = firstLineBound(head) + HeadFields.sizeBound(head.headers()) + 4;
        boolean withBody = head instanceof FullHttpMessage whole && isCopied(whole);
        ByteBuf out = ctx.alloc().directBuffer(withBody ? bound + roomFor((FullHttpMessage) head) : bound);
        writeFirstLine(head, out);
        out.writeShort(CRLF);
        HeadFields.write(head.headers(), out);
        out.writeShort(CRLF);
        return out;
    }

    private boolean isCopied(HttpContent content) {
        return framing == Framing.NO_BODY || content.content().readableBytes() <= COPIED;
    }

    private static int roomFor(HttpContent content) {
        int trailers = content instanceof LastHttpContent last ? HeadFields.sizeBound(last.trailingHeaders()) : 0;
        return content.content().readableBytes() + CHUNK_FRAMING + trailers;
    }

    private void writeContent(ChannelHandlerContext ctx, HttpContent content, ChannelPromise promise) {
        if (framing == Framing.PLAIN && content.content().isReadable()) {
            ctx.write(content.content(), promise);
        } else if (framing == Framing.CHUNKED && isCopied(content)) {
            ByteBuf out = ctx.alloc().directBuffer(roomFor(content));
            append(content, out);
            content.release();
            write(ctx, out, promise);
        } else if (framing == Framing.CHUNKED) {
            ByteBuf before = ctx.alloc().directBuffer(CHUNK_FRAMING);
            appendSize(content.content().readableBytes(), before);
            ctx.write(before, ctx.voidPromise());
            ByteBuf behind = ctx.alloc().directBuffer(roomFor(LastHttpContent.EMPTY_LAST_CONTENT));
            ctx.write(content.content(), ctx.voidPromise());
            behind.writeShort(CRLF);
            appendEnd(content, behind);
            ctx.write(behind, promise);
        } else {
            content.release();
            write(ctx, Unpooled.EMPTY_BUFFER, promise);
        }
    }

    /** Nothing need be written, if nobody waits for it. */
    private static void write(ChannelHandlerContext ctx, ByteBuf out, ChannelPromise promise) {
        if (out.isReadable() || !promise.isVoid()) {
            ctx.write(out, promise);
        } else {
            ReferenceCountUtil.release(out);
        }
    }

    private void append(HttpContent content, ByteBuf out) {
        ByteBuf data = content.content();
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

    private static void appendEnd(HttpContent content, ByteBuf out) {
        if (content instanceof LastHttpContent last) {
            out.writeByte('0');
            out.writeShort(CRLF);
            HeadFields.write(last.trailingHeaders(), out);
            out.writeShort(CRLF);
        }
    }
}
