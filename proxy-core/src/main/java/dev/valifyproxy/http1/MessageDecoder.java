package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.InvalidMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of the bytes on a connection (RFC 9112 §6, §7): a head, contents as they come, a last content; or, where all of these were
 * read at once, one message that is head and last content. It keeps no buffer: heads are copied, a body's bytes handed on. A message that
 * breaks the grammar or a rule is marked by its decoder result, and whatever stands behind is dropped. One per channel, on its event loop.
 */
abstract class MessageDecoder extends ChannelInboundHandlerAdapter {

    private enum Part {
        HEAD,
        /** A body, or a chunk, of known length. */
        DATA,
        CHUNK_LINE,
        TRAILERS,
        /** A body that ends with the connection. */
        DATA_TO_END,
        /** Nobody can tell where it ends, or it was refused: it is dropped. */
        NOTHING
    }

    private final HeadReader reader;
    private final ChunkLines chunkLines;
    private final Failure malformed;
    private Part part = Part.HEAD;
    private boolean chunked;
    private long left;
    private boolean endTrusted = true;

    MessageDecoder(Http1Settings settings, HeadReader reader, Failure malformed) {
        this.reader = reader;
        this.chunkLines = new ChunkLines(settings.maxRequestLine(), settings.maxHead());
        this.malformed = malformed;
    }

    /** Whether some of the next message's head is there. */
    final boolean isHeadBegun() {
        return part == Part.HEAD && reader.isBegun();
    }

    /** Whether the body that is on, or its rest, reaches to the connection's end. */
    final boolean readsToEnd() {
        return part == Part.DATA_TO_END;
    }

    /** The connection breaks: its end does not complete a body any more (RFC 9112 §8). */
    final void distrustEnd() {
        endTrusted = false;
    }

    // ---- what requests and answers do each in their own way

    /** Bytes before a head; false if they may not stand there. */
    abstract boolean beforeHead(ByteBuf in);

    /** Takes a first line in; false if it is none. */
    abstract boolean firstLine(byte[] bytes, int end);

    /** The head with that first line, or with one of no meaning if none was taken in since the last head. */
    abstract HttpMessage head(HeadFields fields);

    /** The same message with all of its body, which it owns from now on. */
    abstract HttpMessage whole(HttpMessage head, ByteBuf body);

    /** How long a body the head announces, as {@link BodyLength} tells it. */
    abstract long bodyLength(HttpMessage head);

    /** What the first rule that a head, with a body of that length, breaks has to say, or null if it keeps them all. */
    abstract @Nullable Failure brokenRule(HttpMessage head, long bodyLength);

    /** What is wrong if a head's reading ended like this. */
    abstract Failure failure(Progress progress);

    /** What is wrong with a head that the connection's end cut short. */
    abstract Failure cutShort();

    // ---- reading

    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!(msg instanceof ByteBuf in)) {
            ctx.fireChannelRead(msg);
            return;
        }
        boolean given = false;
        try {
            while (in.isReadable() && !given) {
                given = step(ctx, in);
            }
        } finally {
            if (!given) {
                in.release();
            }
        }
    }

    /** Goes on to the end of a part, or of the bytes; true if it gave the buffer away. */
    private boolean step(ChannelHandlerContext ctx, ByteBuf in) {
        switch (part) {
            case HEAD -> {
                return readHead(ctx, in);
            }
            case CHUNK_LINE -> readChunkLine(ctx, in);
            case TRAILERS -> readTrailers(ctx, in);
            case DATA, DATA_TO_END -> {
                return readData(ctx, in);
            }
            case NOTHING -> in.skipBytes(in.readableBytes());
        }
        return false;
    }

    private boolean readHead(ChannelHandlerContext ctx, ByteBuf in) {
        if (!reader.isBegun() && !beforeHead(in)) {
            refuseHead(ctx, malformed);
            return false;
        }
        Progress progress = reader.read(in);
        if (progress == Progress.FIRST_LINE) {
            boolean valid = firstLine(reader.bytes(), reader.firstLineEnd());
            progress = valid ? reader.read(in) : Progress.MALFORMED;
        }
        if (progress == Progress.DONE) {
            return headRead(ctx, in);
        }
        if (progress != Progress.MORE) {
            refuseHead(ctx, failure(progress));
        }
        return false;
    }

    private boolean headRead(ChannelHandlerContext ctx, ByteBuf in) {
        HttpMessage head = head(new HeadFields(reader.fields()));
        left = bodyLength(head);
        Failure broken = brokenRule(head, left);
        if (broken != null) {
            passRefused(ctx, head, broken);
            return false;
        }
        reader.awaitHead();
        if (left >= 0 && left <= in.readableBytes()) {
            return passWhole(ctx, head, in);
        }
        chunked = left == BodyLength.CHUNKED;
        // Before the head is passed: what it leads to may ask how far this decoder is.
        part = partBehindHead();
        ctx.fireChannelRead(head);
        return false;
    }

    /** All of it was read at once, as nearly always: then it takes one way through the pipeline instead of two. */
    private boolean passWhole(ChannelHandlerContext ctx, HttpMessage head, ByteBuf in) {
        boolean all = left > 0 && left == in.readableBytes();
        ByteBuf body = all ? in : left == 0 ? Unpooled.EMPTY_BUFFER : in.readRetainedSlice((int) left);
        left = 0;
        ctx.fireChannelRead(whole(head, body));
        return all;
    }

    private Part partBehindHead() {
        if (left > 0) {
            return Part.DATA;
        }
        if (chunked) {
            chunkLines.awaitFirst();
            return Part.CHUNK_LINE;
        }
        if (left == BodyLength.TO_END) {
            return Part.DATA_TO_END;
        }
        // The rules let nothing else through; if they ever did, nobody could tell where the next head is.
        return left == BodyLength.INTERIM ? Part.HEAD : Part.NOTHING;
    }

    private void refuseHead(ChannelHandlerContext ctx, Failure failure) {
        passRefused(ctx, head(new HeadFields(reader.fields())), failure);
    }

    private void passRefused(ChannelHandlerContext ctx, HttpMessage head, Failure failure) {
        head.setDecoderResult(InvalidMessage.result(failure));
        part = Part.NOTHING;
        ctx.fireChannelRead(head);
    }

    private boolean readData(ChannelHandlerContext ctx, ByteBuf in) {
        int length = in.readableBytes();
        boolean all = part == Part.DATA_TO_END || length <= left;
        ByteBuf data = all ? in : in.readRetainedSlice((int) left);
        if (part == Part.DATA) {
            left -= all ? length : left;
        }
        boolean last = part == Part.DATA && left == 0 && !chunked;
        if (last) {
            part = Part.HEAD;
        } else if (part == Part.DATA && left == 0) {
            chunkLines.awaitNext();
            part = Part.CHUNK_LINE;
        }
        ctx.fireChannelRead(
                last ? new DefaultLastHttpContent(data, EmptyHttpHeaders.INSTANCE) : new DefaultHttpContent(data));
        return all;
    }

    private void readChunkLine(ChannelHandlerContext ctx, ByteBuf in) {
        Progress progress = chunkLines.read(in);
        if (progress == Progress.MALFORMED) {
            refuseBody(ctx, malformed);
        } else if (progress == Progress.DONE) {
            left = chunkLines.size();
            part = left > 0 ? Part.DATA : Part.TRAILERS;
            if (left == 0) {
                reader.awaitTrailers();
            }
        }
    }

    private void readTrailers(ChannelHandlerContext ctx, ByteBuf in) {
        Progress progress = reader.read(in);
        if (progress == Progress.DONE) {
            HeadFields trailers = new HeadFields(reader.fields());
            reader.awaitHead();
            part = Part.HEAD;
            ctx.fireChannelRead(
                    trailers.isEmpty()
                            ? LastHttpContent.EMPTY_LAST_CONTENT
                            : new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, trailers));
        } else if (progress != Progress.MORE) {
            refuseBody(ctx, failure(progress));
        }
    }

    private void refuseBody(ChannelHandlerContext ctx, Failure failure) {
        HttpContent last = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, EmptyHttpHeaders.INSTANCE);
        last.setDecoderResult(InvalidMessage.result(failure));
        part = Part.NOTHING;
        ctx.fireChannelRead(last);
    }

    // ---- the connection's end

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        inputEnded(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded(ctx);
        } else if (event instanceof SslCloseCompletionEvent closed) {
            tlsEnded(ctx, closed.isSuccess());
        }
        ctx.fireUserEventTriggered(event);
    }

    /** Over TLS it is the closure alert that ends a body in order; whoever is on the way can end the connection (RFC 9112 §9.8). */
    private void tlsEnded(ChannelHandlerContext ctx, boolean inOrder) {
        if (inOrder) {
            inputEnded(ctx);
        } else {
            distrustEnd();
        }
    }

    private void inputEnded(ChannelHandlerContext ctx) {
        if (part == Part.DATA_TO_END && endTrusted) {
            part = Part.NOTHING;
            ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
            ctx.fireChannelReadComplete();
        } else if (part == Part.HEAD && reader.firstLineEnd() > 0) {
            refuseHead(ctx, cutShort());
            ctx.fireChannelReadComplete();
        }
    }
}
