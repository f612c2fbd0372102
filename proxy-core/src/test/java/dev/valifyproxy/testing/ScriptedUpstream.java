package dev.valifyproxy.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An upstream that does what a test says, byte for byte: a thread a connection, each running the script. */
public final class ScriptedUpstream implements Closeable {

    /** What a connection does. */
    @FunctionalInterface
    public interface Script {
        void run(Connection connection) throws IOException, InterruptedException;
    }

    /** A request as it arrived. */
    public record Received(String head, byte[] body) {

        public String requestLine() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        /** The values of a field, in order. */
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

    public static final String OK =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}";

    private final ServerSocket server;
    private final List<Received> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Thread accepting;
    private volatile Script script;

    public ScriptedUpstream(Script script) throws IOException {
        this(script, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** At this address. */
    public ScriptedUpstream(Script script, InetSocketAddress address) throws IOException {
        this.script = script;
        this.server = new ServerSocket();
        server.bind(address, 512);
        accepting = start("upstream-accept", this::accept);
    }

    /** Answers each request of a connection with these bytes. */
    public static Script answering(String response) {
        return connection -> {
            while (true) {
                connection.readRequest();
                connection.send(response);
            }
        };
    }

    public void script(Script next) {
        script = next;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The requests whose heads arrived, in order. */
    public List<Received> requests() {
        return requests;
    }

    public int connections() {
        return connections.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                start("upstream-connection", () -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.run(new Connection(socket));
        } catch (IOException | InterruptedException ended) {
            // The connection's end is the script's end.
            return;
        }
    }

    private static Thread start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** When this returns, connections are refused, and those there were have ended; whoever saw one end meets no other. */
    @Override
    public void close() throws IOException {
        server.close();
        awaitNoAccept();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** The system goes on listening for as long as a thread is in accept(), which close() only wakes. */
    private void awaitNoAccept() throws IOException {
        try {
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** One accepted connection. */
    public final class Connection {

        private final Socket socket;
        private final RecordingInput in;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            this.in = new RecordingInput(new BufferedInputStream(socket.getInputStream(), 64 * 1024));
        }

        /** The bytes read since they were last taken. */
        public String takeRead() {
            return in.take();
        }

        /** The bytes read since they were last taken, which stay. */
        public String peekRead() {
            return in.peek();
        }

        /** Reads the body that a head announces. */
        public byte[] readBody(Received head) throws IOException {
            return Wire.readBody(in, head.head());
        }

        /** Reads and records a whole request. */
        public Received readRequest() throws IOException {
            String head = readHead();
            Received received = new Received(head, Wire.readBody(in, head));
            requests.add(received);
            return received;
        }

        /** Reads and records a request's head alone. */
        public Received readHeadOnly() throws IOException {
            Received received = new Received(readHead(), new byte[0]);
            requests.add(received);
            return received;
        }

        private String readHead() throws IOException {
            String head = Wire.readHead(in);
            if (head == null) {
                throw new EOFException();
            }
            return head;
        }

        public byte[] readExactly(int length) throws IOException {
            return in.readNBytes(length);
        }

        public byte[] readToEnd() throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            in.transferTo(all);
            return all.toByteArray();
        }

        public void send(String bytes) throws IOException {
            send(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /** What follows over TLS, this side the server; this connection outlives that one. */
        public Connection secure(SSLContext tls) throws IOException {
            SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, "client", 0, false);
            secured.setUseClientMode(false);
            secured.startHandshake();
            return new Connection(secured);
        }

        /** Ends this side; what the other one sends can still be read. */
        public void shutOutput() throws IOException {
            socket.shutdownOutput();
        }

        /** Ends the connection in order. */
        public void end() throws IOException {
            socket.close();
        }

        /** Ends it by a reset. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
