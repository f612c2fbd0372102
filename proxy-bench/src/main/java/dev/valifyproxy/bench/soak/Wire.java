package dev.valifyproxy.bench.soak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;

/** A client's connection and as much of HTTP/1 as it needs. One thread; only {@link #close} may be called by another. */
final class Wire implements AutoCloseable {

    /** More than any error of ours or the upstream's has. */
    private static final int KEPT_TEXT = 2048;

    private static final int CONTINUE = 100;
    private static final int PIECE = 16 * 1024;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private final byte[] piece = new byte[PIECE];
    private long pauseNanos;

    /**
     * Connects.
     *
     * @param receiveBuffer bytes the kernel may hold for us; 0 for as many as it likes
     */
    Wire(int port, Duration patience, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) patience.toMillis());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) patience.toMillis());
        in = new BufferedInputStream(socket.getInputStream(), PIECE);
        out = socket.getOutputStream();
    }

    /** Reads bodies slowly from now on: this long a pause before each piece. */
    void readSlowly(Duration pause) {
        pauseNanos = pause.toNanos();
    }

    void send(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
    }

    /** Whether something of an answer is there already. */
    boolean isAnswered() throws IOException {
        return in.available() > 0;
    }

    /** Waits until some of an answer is there, or the connection's end. */
    void awaitSome() throws IOException {
        in.mark(1);
        in.read();
        in.reset();
    }

    /** The next final answer; interim ones are skipped. */
    Reply read() {
        Head head = new Head();
        try {
            do {
                head = readHead(head);
            } while (head.status >= CONTINUE && head.status < 200);
            return new Reply.Whole(head.status, head.closes(), readBody(head));
        } catch (SocketTimeoutException late) {
            return new Reply.Overdue();
        } catch (IOException broken) {
            return head.begun ? new Reply.BrokenOff(head.status) : new Reply.Silence();
        }
    }

    /** Whether leave came to send the body; false if an answer is next. Only for a request that expects it. */
    boolean mayContinue() throws IOException {
        in.mark(KEPT_TEXT);
        Head head = readHead(new Head());
        if (head.status == CONTINUE) {
            return true;
        }
        in.reset();
        return false;
    }

    private Head readHead(Head head) throws IOException {
        head.reset();
        String start = readLine(head);
        head.version10 = start.startsWith("HTTP/1.0");
        head.status = Integer.parseInt(start.substring(9, 12));
        for (String line = readLine(head); !line.isEmpty(); line = readLine(head)) {
            head.field(line.toLowerCase(Locale.ROOT));
        }
        return head;
    }

    private String readLine(Head head) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            head.begun = true;
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private String readBody(Head head) throws IOException {
        StringBuilder text = new StringBuilder();
        if (head.chunked) {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                readBytes(size, text);
                readLine(new Head());
            }
            readLine(new Head());
        } else if (head.length >= 0) {
            readBytes(head.length, text);
        } else {
            readToEnd(text);
        }
        return text.toString();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(readLine(new Head()), 16);
    }

    private void readBytes(int length, StringBuilder text) throws IOException {
        for (int left = length; left > 0; ) {
            int got = readPiece(Math.min(left, PIECE), text);
            if (got < 0) {
                throw new EOFException();
            }
            left -= got;
        }
    }

    private void readToEnd(StringBuilder text) throws IOException {
        while (readPiece(PIECE, text) >= 0) {
            // It is in the text.
        }
    }

    private int readPiece(int length, StringBuilder text) throws IOException {
        Pace.pause(pauseNanos);
        int got = in.read(piece, 0, length);
        if (got > 0 && text.length() < KEPT_TEXT) {
            text.append(new String(piece, 0, Math.min(got, KEPT_TEXT - text.length()), ISO_8859_1));
        }
        return got;
    }

    /** Ends it by a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** What is to be known of an answer's head. */
    private static final class Head {
        private boolean begun;
        private boolean version10;
        private int status;
        private int length = -1;
        private boolean chunked;
        private boolean close;
        private boolean keepAlive;

        private void reset() {
            begun = false;
            status = 0;
            length = -1;
            chunked = false;
            close = false;
            keepAlive = false;
        }

        private void field(String line) {
            String value = line.substring(line.indexOf(':') + 1).strip();
            if (line.startsWith("content-length:")) {
                length = Integer.parseInt(value);
            } else if (line.startsWith("transfer-encoding:")) {
                chunked = value.equals("chunked");
            } else if (line.startsWith("connection:")) {
                close = value.equals("close");
                keepAlive = value.equals("keep-alive");
            }
        }

        /** RFC 9112 §9.3; an answer without a length ends with its connection (§6.3). */
        private boolean closes() {
            return close || (version10 && !keepAlive) || (!chunked && length < 0);
        }
    }
}
