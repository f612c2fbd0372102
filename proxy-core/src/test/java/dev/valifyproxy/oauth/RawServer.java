package dev.valifyproxy.oauth;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ServerSocketFactory;

/** A server that speaks in bytes, so that it can say what no library would. */
final class RawServer implements AutoCloseable {

    /** What becomes of a connection on which a request has come. */
    interface Answer {
        void to(String request, OutputStream out) throws IOException;
    }

    private final ServerSocket socket;
    private final Answer answer;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    RawServer(Answer answer) throws IOException {
        this(ServerSocketFactory.getDefault(), answer);
    }

    RawServer(ServerSocketFactory sockets, Answer answer) throws IOException {
        this.socket = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.answer = answer;
        threads.execute(this::accept);
    }

    /** Answers everything with these bytes, which may hold {@code %n} for CR LF. */
    static RawServer saying(String bytes) throws IOException {
        return new RawServer((request, out) -> out.write(bytes(bytes)));
    }

    /** Answers everything with this status and body. */
    static RawServer answering(int status, String type, String body) throws IOException {
        return saying(response(status, type, body));
    }

    static String response(int status, String type, String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return "HTTP/1.1 " + status + " Whatever%nContent-Type: " + type + "%nContent-Length: " + length + "%n%n"
                + body;
    }

    static byte[] bytes(String text) {
        return text.replace("%n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    int port() {
        return socket.getLocalPort();
    }

    List<String> requests() {
        return requests;
    }

    int connections() {
        return connections.size();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.add(connection);
                threads.execute(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            for (String request = read(connection.getInputStream());
                    request != null;
                    request = read(connection.getInputStream())) {
                requests.add(request);
                answer.to(request, connection.getOutputStream());
                connection.getOutputStream().flush();
            }
        } catch (IOException gone) {
            // The client left, or the answer was to break the connection.
        }
    }

    /** A head and its body; null if the connection ends before one. */
    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.write(next);
        }
        String text = head.toString(StandardCharsets.US_ASCII);
        int length = text.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        return text + new String(in.readNBytes(length), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
        threads.shutdownNow();
    }
}
