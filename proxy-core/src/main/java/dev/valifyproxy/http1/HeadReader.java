package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpConstants;
import java.util.Arrays;

/**
 * Reads a head, or trailers, up to the empty line, exactly as RFC 9112 §2.2 and §5 have it: lines end with CR and LF; a field is a token, a
 * colon at once, and text; nothing is folded. Where the bytes are cut changes nothing. One per decoder, on its event loop.
 */
final class HeadReader {

    private static final byte[] NO_BYTES = {};
    private static final int[] NO_MARKS = {};
    private static final int MIN_BYTES = 256;
    private static final int MIN_FIELDS = 8;

    /** The part that the next byte belongs to; {@code …_LF}: it must be the LF at the end of it. */
    private enum State {
        FIRST_LINE,
        FIRST_LINE_LF,
        LINE,
        NAME,
        BLANKS,
        VALUE,
        VALUE_LF,
        END_LF
    }

    private final int maxLine;
    private final int maxHead;
    private final int maxFields;
    private final boolean blanksBeforeColon;

    private byte[] bytes = NO_BYTES;
    private int[] marks = NO_MARKS;
    private State state = State.FIRST_LINE;
    private int length;
    private int at;

    /** How far may be read. */
    private int limit;

    private int firstLineEnd;
    private int fields;
    private int name;
    private int nameEnd;
    private int value;

    /** What the last ones needed: the heads of a connection resemble each other. */
    private int expectedBytes = MIN_BYTES;

    private int expectedFields = MIN_FIELDS;

    /**
     * With these bounds.
     *
     * @param maxLine bytes of the first line without its end
     * @param maxHead bytes of the fields with their lines' ends, the empty line's too
     * @param blanksBeforeColon whether blanks before a colon are left out, not refused (RFC 9112 §5.1: so in answers)
     */
    HeadReader(int maxLine, int maxHead, int maxFields, boolean blanksBeforeColon) {
        this.maxLine = maxLine;
        this.maxHead = maxHead;
        this.maxFields = maxFields;
        this.blanksBeforeColon = blanksBeforeColon;
        awaitHead();
    }

    /** What comes next is a head. */
    void awaitHead() {
        await(State.FIRST_LINE, maxLine + 1);
    }

    /** What comes next are trailers. */
    void awaitTrailers() {
        await(State.LINE, maxHead);
    }

    private void await(State first, int end) {
        bytes = NO_BYTES;
        marks = NO_MARKS;
        state = first;
        limit = end;
        length = 0;
        at = 0;
        firstLineEnd = 0;
        fields = 0;
    }

    /** Whether some of it is there. */
    boolean isBegun() {
        return length > 0;
    }

    /** Where its first line ends in {@link #bytes()}, in which it begins at 0; 0 until it is there. */
    int firstLineEnd() {
        return firstLineEnd;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The fields read; once, before the next head or trailers are awaited. */
    FieldTable fields() {
        return new FieldTable(bytes, marks, fields);
    }

    /** Takes what belongs to it, and not one byte more; to be called again at once behind its first line. */
    Progress read(ByteBuf in) {
        Progress progress = scan();
        while (progress == Progress.MORE && in.isReadable()) {
            take(in);
            progress = scan();
        }
        if (progress == Progress.DONE) {
            in.readerIndex(in.readerIndex() - (length - at));
            expectedBytes = Math.max(at + 16, MIN_BYTES);
            expectedFields = Math.max(fields + 2, MIN_FIELDS);
        }
        return progress;
    }

    private void take(ByteBuf in) {
        if (length == bytes.length) {
            // Never asked for more than the limits allow: the scan ends before.
            int most = maxLine + 2 + maxHead;
            bytes = Arrays.copyOf(bytes, Math.min(Math.max(2 * length, expectedBytes), most));
        }
        int taken = Math.min(in.readableBytes(), bytes.length - length);
        in.readBytes(bytes, length, taken);
        length += taken;
    }

    private Progress scan() {
        Progress progress = Progress.MORE;
        for (int end = end(); at < end && progress == Progress.MORE; end = end()) {
            progress = step(end);
        }
        if (progress != Progress.MORE || at < limit) {
            return progress;
        }
        return state == State.FIRST_LINE ? Progress.LINE_TOO_LONG : Progress.TOO_LARGE;
    }

    private int end() {
        return Math.min(length, limit);
    }

    /** Reads on to the end of the part that is on, or of the bytes. */
    private Progress step(int end) {
        return switch (state) {
            case FIRST_LINE -> text(end, State.FIRST_LINE_LF);
            case FIRST_LINE_LF -> firstLineRead();
            case LINE -> usualField(end) ? Progress.MORE : lineBegins();
            case NAME -> name(end);
            case BLANKS -> blanks(end);
            case VALUE -> text(end, State.VALUE_LF);
            case VALUE_LF -> fieldRead();
            case END_LF -> bytes[at++] == HttpConstants.LF ? Progress.DONE : Progress.MALFORMED;
        };
    }

    private Progress text(int end, State next) {
        at = Octets.endOfText(bytes, at, end);
        if (at == end) {
            return Progress.MORE;
        }
        if (state == State.FIRST_LINE) {
            limit = at + 2;
        }
        state = next;
        return bytes[at++] == HttpConstants.CR ? Progress.MORE : Progress.MALFORMED;
    }

    private Progress firstLineRead() {
        firstLineEnd = at - 1;
        limit = at + 1 + maxHead;
        state = State.LINE;
        return bytes[at++] == HttpConstants.LF ? Progress.FIRST_LINE : Progress.MALFORMED;
    }

    /** Reads a field in one go if all of it is there in the form that nearly all have; else nothing of it. */
    private boolean usualField(int end) {
        int colon = Octets.endOfToken(bytes, at, end);
        if (colon == at || colon + 1 >= end || bytes[colon] != ':' || bytes[colon + 1] != HttpConstants.SP) {
            return false;
        }
        int from = colon + 2;
        int to = Octets.endOfText(bytes, from, end);
        boolean isLine = to + 1 < end && bytes[to] == HttpConstants.CR && bytes[to + 1] == HttpConstants.LF;
        boolean isTrimmed = to > from && !Octets.isBlank(bytes[from]) && !Octets.isBlank(bytes[to - 1]);
        if (!isLine || !isTrimmed || fields == maxFields) {
            return false;
        }
        name = at;
        nameEnd = colon;
        mark(from, to);
        at = to + 2;
        return true;
    }

    private Progress lineBegins() {
        if (bytes[at] == HttpConstants.CR) {
            state = State.END_LF;
            at++;
        } else if (fields == maxFields) {
            return Progress.TOO_LARGE;
        } else {
            state = State.NAME;
            name = at;
        }
        return Progress.MORE;
    }

    private Progress name(int end) {
        at = Octets.endOfToken(bytes, at, end);
        if (at == end) {
            return Progress.MORE;
        }
        nameEnd = at;
        if (bytes[at] == ':') {
            valueBegins();
        } else if (blanksBeforeColon && Octets.isBlank(bytes[at])) {
            state = State.BLANKS;
        } else {
            return Progress.MALFORMED;
        }
        return nameEnd > name ? Progress.MORE : Progress.MALFORMED;
    }

    private Progress blanks(int end) {
        while (at < end && Octets.isBlank(bytes[at])) {
            at++;
        }
        if (at < end && bytes[at] != ':') {
            return Progress.MALFORMED;
        }
        if (at < end) {
            valueBegins();
        }
        return Progress.MORE;
    }

    private void valueBegins() {
        at++;
        value = at;
        state = State.VALUE;
    }

    private Progress fieldRead() {
        if (bytes[at] != HttpConstants.LF) {
            return Progress.MALFORMED;
        }
        int from = value;
        int to = at - 1;
        while (from < to && Octets.isBlank(bytes[from])) {
            from++;
        }
        while (to > from && Octets.isBlank(bytes[to - 1])) {
            to--;
        }
        mark(from, to);
        at++;
        state = State.LINE;
        return Progress.MORE;
    }

    private void mark(int from, int to) {
        int mark = fields * FieldTable.STRIDE;
        if (mark == marks.length) {
            marks = Arrays.copyOf(marks, Math.max(2 * mark, expectedFields * FieldTable.STRIDE));
        }
        marks[mark] = name;
        marks[mark + 1] = nameEnd;
        marks[mark + 2] = from;
        marks[mark + 3] = to;
        fields++;
    }
}
