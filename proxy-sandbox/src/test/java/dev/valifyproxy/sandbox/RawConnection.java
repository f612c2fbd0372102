package dev.valifyproxy.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;

/** A client's socket, for what no HTTP client would send or show. Reads give up after some seconds. */
final class RawConnection implements AutoCloseable {
    static final String RESET = "<reset>";

    private final Socket socket;

    RawConnection(URI base) throws IOException {
        socket = new Socket(base.getHost(), base.getPort());
        socket.setSoTimeout(10_000);
    }

    RawConnection send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
        return this;
    }

    /** Sends a service call. */
    RawConnection sendCall(String token, String... headers) throws IOException {
        return send(head(token, Client.OCR_BODY.length(), headers) + Client.OCR_BODY);
    }

    static String head(String token, int contentLength, String... headers) {
        String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return "POST " + Client.OCR + " HTTP/1.1\r\nHost: sandbox\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\n" + lines + "Content-Length: " + contentLength + "\r\n\r\n";
    }

    /** All that comes until the text has come, that text included; or until the connection ends, marked when by a reset. */
    String readUntil(String last) throws IOException {
        StringBuilder read = new StringBuilder();
        while (!endsWith(read, last)) {
            int next;
            try {
                next = socket.getInputStream().read();
            } catch (SocketException e) {
                return read + RESET;
            }
            if (next < 0) {
                return read.toString();
            }
            read.append((char) next);
        }
        return read.toString();
    }

    String readToEnd() throws IOException {
        return readUntil("\0never\0");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static boolean endsWith(StringBuilder read, String last) {
        int from = read.length() - last.length();
        return from >= 0 && read.substring(from).equals(last);
    }
}
