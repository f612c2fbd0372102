package dev.valifyproxy.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP proxy that does what a test says with what it is asked for. It knows every host: whatever the name, its tunnels lead to the port
 * on this machine.
 */
public final class ScriptedEgressProxy implements Closeable {

    public static final String ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

    /** What becomes of a connection on which a request has come; the connection closes when it returns. */
    @FunctionalInterface
    public interface Script {
        void run(Connection connection) throws IOException;
    }

    private final ServerSocket server;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream passedOn = new ByteArrayOutputStream();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Script script = Connection::tunnel;

    public ScriptedEgressProxy() throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** At this address. */
    public ScriptedEgressProxy(InetSocketAddress address) throws IOException {
        server = new ServerSocket(address.getPort(), 512, address.getAddress());
        threads.execute(this::accept);
    }

    public void script(Script next) {
        script = next;
    }

    /** Answers everything with these bytes. */
    public void answer(String bytes) {
        script(connection -> {
            connection.send(bytes);
            connection.readToEnd();
        });
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The heads that it was sent, in order. */
    public List<String> heads() {
        return heads;
    }

    public int connections() {
        return sockets.size();
    }

    /** All that went through its tunnels towards upstreams. */
    public String passedOn() {
        synchronized (passedOn) {
            return passedOn.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Connection connection = new Connection(socket);
            String head = Wire.readHead(connection.in);
            while (head != null) {
                heads.add(head);
                connection.head = head;
                script.run(connection);
                head = connection.ended ? null : Wire.readHead(connection.in);
            }
        } catch (IOException gone) {
            // One of the sides has left.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }

    /** One connection to it. */
    public final class Connection {

        private final Socket socket;
        private final InputStream in;
        private String head = "";
        private boolean ended;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        }

        public void send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        /** The body of a request that is not for a tunnel. */
        public String readBody() throws IOException {
            return new String(Wire.readBody(in, head), StandardCharsets.ISO_8859_1);
        }

        /** Reads and drops what comes until the other side leaves. */
        public void readToEnd() throws IOException {
            ended = true;
            in.transferTo(OutputStream.nullOutputStream());
        }

        /** Ends the connection. */
        public void end() throws IOException {
            ended = true;
            socket.close();
        }

        /** Ends it by a reset. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            end();
        }

        /** Opens the tunnel, and serves it to its end. */
        public void tunnel() throws IOException {
            tunnel(ESTABLISHED);
        }

        /** The same with these words. */
        public void tunnel(String answer) throws IOException {
            ended = true;
            String target = head.split(" ", 3)[1];
            int port = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
            try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), port)) {
                send(answer);
                threads.execute(() -> back(upstream));
                byte[] bytes = new byte[8192];
                for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                    synchronized (passedOn) {
                        passedOn.write(bytes, 0, read);
                    }
                    upstream.getOutputStream().write(bytes, 0, read);
                }
            }
        }

        private void back(Socket upstream) {
            try (socket) {
                upstream.getInputStream().transferTo(socket.getOutputStream());
            } catch (IOException gone) {
                return;
            }
        }
    }
}
