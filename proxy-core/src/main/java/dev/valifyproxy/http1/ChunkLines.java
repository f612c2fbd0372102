package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpConstants;

/**
 * Reads what stands between the data of a chunked body: the line end behind a chunk, and the next one's size with its extensions (RFC 9112
 * §7.1), which nobody is told of. Bounds each line, and what all lines cost together: a body of many small chunks with a long extension
 * each would keep every other limit. One per decoder, on its event loop.
 */
final class ChunkLines {

    /** A chunk of one byte needs 5 more; 16 leave room for padded sizes. */
    private static final int BYTES_PER_BYTE = 16;

    /** Nobody sends a chunk of 2 GiB; who says so means to be misread. */
    private static final long MAX_SIZE = Integer.MAX_VALUE;

    private enum State {
        DATA_CR,
        DATA_LF,
        SIZE,
        BLANKS,
        EXTENSION,
        QUOTED,
        QUOTED_PAIR,
        LINE_LF
    }

    private final int maxLine;
    private final long allowance;
    private State state = State.SIZE;
    private int lineLength;
    private boolean hasSize;
    private boolean lacksValue;
    private long size;
    private long spent;

    /**
     * With these bounds.
     *
     * @param maxLine bytes of a line without its end
     * @param maxHead bytes; all lines together may take twice that, and 16 for each byte of data
     */
    ChunkLines(int maxLine, int maxHead) {
        this.maxLine = maxLine;
        this.allowance = 2L * maxHead;
    }

    /** What comes next is the first line of a body. */
    void awaitFirst() {
        spent = 0;
        lineBegins();
    }

    /** What comes next stands behind this chunk, whose size was told by {@link #size()}. */
    void awaitNext() {
        spent -= BYTES_PER_BYTE * Math.min(size, allowance);
        state = State.DATA_CR;
        lineLength = 0;
    }

    private void lineBegins() {
        state = State.SIZE;
        size = 0;
        hasSize = false;
        lacksValue = false;
        lineLength = 0;
    }

    /** The size of the chunk whose line has been read; 0: it was the last. */
    long size() {
        return size;
    }

    /** Takes what belongs to the line, and not one byte more. */
    Progress read(ByteBuf in) {
        while (in.isReadable()) {
            Progress progress = isTooLong() ? Progress.MALFORMED : step(in.readByte());
            if (progress != Progress.MORE) {
                return progress;
            }
            spent++;
        }
        return Progress.MORE;
    }

    /** The end of a line does not count as part of it. */
    private boolean isTooLong() {
        return (lineLength > maxLine && state != State.LINE_LF) || spent > allowance;
    }

    private Progress step(byte b) {
        lineLength++;
        return switch (state) {
            case DATA_CR -> next(b == HttpConstants.CR, State.DATA_LF);
            case DATA_LF -> dataEnded(b);
            case SIZE -> size(b);
            case BLANKS -> b == ';' || Octets.isBlank(b) ? extension(b) : Progress.MALFORMED;
            case EXTENSION -> extension(b);
            case QUOTED -> quoted(b);
            case QUOTED_PAIR -> next(isVisible(b), State.QUOTED);
            case LINE_LF -> b == HttpConstants.LF ? Progress.DONE : Progress.MALFORMED;
        };
    }

    private Progress next(boolean holds, State following) {
        state = following;
        return holds ? Progress.MORE : Progress.MALFORMED;
    }

    private Progress dataEnded(byte b) {
        lineBegins();
        return b == HttpConstants.LF ? Progress.MORE : Progress.MALFORMED;
    }

    private Progress size(byte b) {
        int digit = Octets.hexValue(b);
        if (digit >= 0) {
            hasSize = true;
            size = size << 4 | digit;
            return size <= MAX_SIZE ? Progress.MORE : Progress.MALFORMED;
        }
        return hasSize ? behindSize(b) : Progress.MALFORMED;
    }

    private Progress behindSize(byte b) {
        if (b == HttpConstants.CR) {
            return next(true, State.LINE_LF);
        }
        return Octets.isBlank(b) ? next(true, State.BLANKS) : next(b == ';', State.EXTENSION);
    }

    /** Whatever is visible, as long as a value is behind an equals sign and quotes end. */
    private Progress extension(byte b) {
        if (b == HttpConstants.CR) {
            return next(!lacksValue, State.LINE_LF);
        }
        boolean wasLacking = lacksValue;
        lacksValue = b == '=' || (wasLacking && Octets.isBlank(b));
        if (b == '"') {
            return next(wasLacking, State.QUOTED);
        }
        return next(
                isVisible(b) && !(wasLacking && b == ';'),
                state == State.BLANKS && b != ';' ? State.BLANKS : State.EXTENSION);
    }

    private Progress quoted(byte b) {
        if (b == '"') {
            return next(true, State.EXTENSION);
        }
        return next(isVisible(b), b == '\\' ? State.QUOTED_PAIR : State.QUOTED);
    }

    /** Visible ASCII, or blank. */
    private static boolean isVisible(byte b) {
        return b > 0 && Octets.isText(b);
    }
}
