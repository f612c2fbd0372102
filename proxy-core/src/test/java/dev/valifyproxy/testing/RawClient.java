package dev.valifyproxy.testing;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** A client that sends bytes as a test wants them, and reads answers strictly. */
public final class RawClient implements Closeable {

    /** Long enough for the slowest machine; a test that meets it has failed. */
    private static final int PATIENCE_MILLIS = 20_000;

    /** An answer. */
    public record Response(String head, byte[] body) {

        public int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        public List<String> field(String name) {
            return head.lines()
                    .skip(1)
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                    .map(line -> line.substring(name.length() + 1).trim())
                    .toList();
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private final Socket socket;
    private final RecordingInput in;

    public RawClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    public RawClient(Socket connected) throws IOException {
        socket = connected;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new RecordingInput(new BufferedInputStream(socket.getInputStream(), 64 * 1024));
    }

    public RawClient send(String bytes) throws IOException {
        return send(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Ends this side; answers can still be read. */
    public void shutOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Reads an answer, interim ones too. */
    public Response read() throws IOException {
        return read(false);
    }

    /** Reads an answer that has no body whatever its head says. */
    public Response readHeadOnly() throws IOException {
        return read(true);
    }

    private Response read(boolean bodiless) throws IOException {
        String head = Wire.readHead(in);
        if (head == null) {
            throw new IOException("the connection was closed without an answer");
        }
        return new Response(head, bodiless ? new byte[0] : Wire.readBody(in, head));
    }

    /** Everything up to the connection's end. */
    public String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Every byte read since they were last taken, as ISO 8859-1. */
    public String takeRead() {
        return in.take();
    }

    /** Whether the connection has ended, in order or not, with nothing more to read. */
    public boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Leaves by a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
