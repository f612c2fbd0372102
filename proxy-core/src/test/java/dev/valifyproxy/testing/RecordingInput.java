package dev.valifyproxy.testing;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the bytes that are read through it, for a test to look at from any thread. */
final class RecordingInput extends FilterInputStream {

    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    RecordingInput(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        if (b >= 0) {
            synchronized (read) {
                read.write(b);
            }
        }
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = super.read(bytes, offset, length);
        if (n > 0) {
            synchronized (read) {
                read.write(bytes, offset, n);
            }
        }
        return n;
    }

    /** What was read since the last time. */
    String take() {
        synchronized (read) {
            String taken = peek();
            read.reset();
            return taken;
        }
    }

    /** What was read since it was last taken; it stays. */
    String peek() {
        synchronized (read) {
            return read.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
