package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a head as places in the bytes that came, edited without touching these: a name or value becomes text only when somebody
 * asks for it, and what nobody changed is written as it was read, in its order and spelling. Searches walk the fields, of which a head
 * has a dozen. Confined to one thread at a time.
 */
final class FieldTable {

    /** Marks of a field. */
    static final int STRIDE = 4;

    private static final int NAME = 0;
    private static final int NAME_END = 1;
    private static final int VALUE = 2;
    private static final int VALUE_END = 3;

    /** In place of where a name begins: the field is no more. */
    private static final int REMOVED = -1;

    /** In place of where a name begins: the field was added, and is text. */
    private static final int ADDED = -2;

    private static final @Nullable CharSequence[] NONE = {};

    /** Between name and value as this proxy writes them, and behind a value. */
    private static final int COLON_SPACE = (':' << 8) | HttpConstants.SP;

    private static final int CRLF = (HttpConstants.CR << 8) | HttpConstants.LF;

    private final byte[] bytes;
    private int[] marks;
    private @Nullable CharSequence[] names = NONE;
    private @Nullable CharSequence[] values = NONE;
    private int rows;
    private int size;

    /** A bit for each kind of name among them, so that a search for what is not there ends at once. */
    private long kinds;

    /**
     * With the fields that came.
     *
     * @param marks the table's from now on: of each field, where its name begins and ends, and its value
     */
    FieldTable(byte[] bytes, int[] marks, int fields) {
        this.bytes = bytes;
        this.marks = marks;
        this.rows = fields;
        this.size = fields;
        for (int mark = 0; mark < fields * STRIDE; mark += STRIDE) {
            kinds |= kind(marks[mark + NAME_END] - marks[mark + NAME], bytes[marks[mark + NAME]]);
        }
    }

    /** Adds a field behind the others. */
    void add(CharSequence name, CharSequence value) {
        int row = newRow();
        names = withRoom(names);
        names[row] = name;
        setValue(row, value);
        marks[row * STRIDE + NAME] = ADDED;
        kinds |= kind(name.length(), name.charAt(0));
    }

    private int newRow() {
        if (rows * STRIDE == marks.length) {
            marks = Arrays.copyOf(marks, 2 * marks.length + STRIDE);
        }
        size++;
        return rows++;
    }

    private @Nullable CharSequence[] withRoom(@Nullable CharSequence[] texts) {
        return texts.length < rows ? Arrays.copyOf(texts, rows + 2) : texts;
    }

    private static long kind(int length, int first) {
        return 1L << (length * 5 + (first | 0x20));
    }

    /** Fields at present. */
    int size() {
        return size;
    }

    /** The row of the first field from this row on, or -1. */
    int next(int row) {
        for (int i = row; i < rows; i++) {
            if (marks[i * STRIDE] != REMOVED) {
                return i;
            }
        }
        return -1;
    }

    /** The row of the first field of this name from this row on, or -1. */
    int find(CharSequence name, int row) {
        // Nearly always a constant, whose bytes are compared without a call for each.
        AsciiString ascii = AsciiString.of(name);
        int length = ascii.length();
        if (length == 0 || (kinds & kind(length, ascii.array()[ascii.arrayOffset()])) == 0) {
            return -1;
        }
        for (int i = row; i < rows; i++) {
            if (isNamed(i, ascii, length)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isNamed(int row, AsciiString name, int length) {
        int start = marks[row * STRIDE + NAME];
        if (start < 0) {
            return start == ADDED && name.contentEqualsIgnoreCase(names[row]);
        }
        return marks[row * STRIDE + NAME_END] - start == length
                && Octets.areSameLetters(bytes, start, name.array(), name.arrayOffset(), length);
    }

    CharSequence name(int row) {
        CharSequence text = row < names.length ? names[row] : null;
        int mark = row * STRIDE;
        return text != null
                ? text
                : new AsciiString(bytes, marks[mark + NAME], marks[mark + NAME_END] - marks[mark + NAME], false);
    }

    String value(int row) {
        CharSequence text = row < values.length ? values[row] : null;
        int start = marks[row * STRIDE + VALUE];
        return text != null
                ? text.toString()
                : new String(bytes, start, marks[row * STRIDE + VALUE_END] - start, StandardCharsets.ISO_8859_1);
    }

    /** Gives a field another value, its place and its name's spelling left alone. */
    void setValue(int row, CharSequence value) {
        values = withRoom(values);
        values[row] = value;
    }

    void remove(int row) {
        marks[row * STRIDE + NAME] = REMOVED;
        size--;
    }

    // ---- writing

    /** Bytes that {@link #writeTo} writes at the most. */
    int sizeBound() {
        // A space may be put behind each colon.
        int bound = bytes.length + rows;
        for (int i = 0; i < values.length; i++) {
            bound += length(values[i]) + (i < names.length ? length(names[i]) : 0) + 4;
        }
        return bound;
    }

    private static int length(@Nullable CharSequence text) {
        return text == null ? 0 : text.length();
    }

    /** Writes each field's line. Those as they came, and as we would write them, are copied in runs. */
    void writeTo(ByteBuf out) {
        int from = 0;
        int to = 0;
        for (int row = next(0); row >= 0; row = next(row + 1)) {
            int start = marks[row * STRIDE + NAME];
            if (isAsWritten(row)) {
                if (start != to) {
                    out.writeBytes(bytes, from, to - from);
                    from = start;
                }
                to = marks[row * STRIDE + VALUE_END] + 2;
            } else {
                out.writeBytes(bytes, from, to - from);
                from = 0;
                to = 0;
                writeLine(row, out);
            }
        }
        out.writeBytes(bytes, from, to - from);
    }

    /** Whether a field stands in the bytes with one space behind its colon and nothing behind its value, both untouched. */
    private boolean isAsWritten(int row) {
        int mark = row * STRIDE;
        int nameEnd = marks[mark + NAME_END];
        return marks[mark + NAME] >= 0
                && (row >= values.length || values[row] == null)
                && marks[mark + VALUE] == nameEnd + 2
                && bytes[nameEnd] == ':'
                && bytes[nameEnd + 1] == HttpConstants.SP
                && bytes[marks[mark + VALUE_END]] == HttpConstants.CR;
    }

    private void writeLine(int row, ByteBuf out) {
        int mark = row * STRIDE;
        write(row < names.length ? names[row] : null, marks[mark + NAME], marks[mark + NAME_END], out);
        out.writeShort(COLON_SPACE);
        write(row < values.length ? values[row] : null, marks[mark + VALUE], marks[mark + VALUE_END], out);
        out.writeShort(CRLF);
    }

    private void write(@Nullable CharSequence text, int from, int to, ByteBuf out) {
        if (text == null) {
            out.writeBytes(bytes, from, to - from);
        } else {
            write(text, out);
        }
    }

    /** Writes a field's line in the same form. */
    static void writeLine(CharSequence name, CharSequence value, ByteBuf out) {
        write(name, out);
        out.writeShort(COLON_SPACE);
        write(value, out);
        out.writeShort(CRLF);
    }

    private static void write(CharSequence text, ByteBuf out) {
        if (text instanceof AsciiString ascii) {
            out.writeBytes(ascii.array(), ascii.arrayOffset(), ascii.length());
        } else {
            ByteBufUtil.writeAscii(out, text);
        }
    }
}
