package dev.valifyproxy.testing;

import dev.valifyproxy.Proxy;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A proxy in a JVM of its own, with the flags that it is shipped with, for the memory that it takes to be seen from outside. */
public final class ProxyProcess implements Closeable {

    private static final String PORT = "port ";

    private final Process process;
    private final int port;

    public ProxyProcess(URI upstream) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@../conf/jvm.options",
                ProxyProcess.class.getName(),
                upstream.toString());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        port = readPort(process.inputReader(StandardCharsets.UTF_8));
    }

    private static int readPort(BufferedReader out) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(PORT)) {
                return Integer.parseInt(line.substring(PORT.length()));
            }
        }
        throw new IOException("the proxy has not started");
    }

    /** The child's life: ends with its input. */
    public static void main(String[] args) throws IOException {
        TestConfig config = new TestConfig(URI.create(args[0]));
        config.workers = 2;
        try (Proxy proxy = Proxy.builder(config.build())
                .tokenSource("default", new CountingSource())
                .start()) {
            System.out.println(PORT + proxy.port());
            while (System.in.read() >= 0) {
                // Nobody says anything.
            }
        }
    }

    public Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    public RawClient client() throws IOException {
        return new RawClient(port);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The most memory that it has held at any time, in bytes. */
    public long peakMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
