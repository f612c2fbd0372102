package dev.valifyproxy.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts one thread's calls of the kernel for input and output, by strace, where it is there and may trace. Linux only; blocks. */
final class SystemCalls implements AutoCloseable {

    private static final Path THREADS = Path.of("/proc/self/task");

    /** A summary's line: share, seconds, each, calls, errors perhaps, name. */
    private static final Pattern LINE =
            Pattern.compile("\\s*[\\d.]+\\s+[\\d.]+\\s+\\d+\\s+(\\d+)(?:\\s+\\d+)?\\s+(\\w+)");

    /** What belongs to sockets and waiting for them; the virtual machine's own business is not counted. */
    private static final Pattern IO = Pattern.compile(
            "p?readv?(64)?|p?writev?(64)?|recv\\w*|send\\w*|epoll_\\w+|poll|select|timerfd_\\w+|io_uring_\\w+");

    private static final int PATIENCE_SECONDS = 10;

    private final Process strace;
    private final Path summary;

    private SystemCalls(Process strace, Path summary) {
        this.strace = strace;
        this.summary = summary;
    }

    /** Begins to count those of the thread of this name in this process; null where that is not possible. */
    static @Nullable SystemCalls of(String thread) throws IOException {
        String id = id(thread);
        if (id == null) {
            return null;
        }
        Path summary = Files.createTempFile("system-calls", ".txt");
        try {
            Process strace = new ProcessBuilder("strace", "-c", "-o", summary.toString(), "-p", id)
                    .redirectErrorStream(true)
                    .start();
            BufferedReader said = strace.inputReader();
            String first = said.readLine();
            if (first != null && first.contains("attached")) {
                return new SystemCalls(strace, summary);
            }
            strace.destroy();
        } catch (IOException notInstalled) {
            // Then nothing is counted, which the caller says.
        }
        Files.delete(summary);
        return null;
    }

    /** The kernel's name of a thread is cut off at 15 characters. */
    private static @Nullable String id(String thread) throws IOException {
        if (!Files.isDirectory(THREADS)) {
            return null;
        }
        try (Stream<Path> all = Files.list(THREADS)) {
            return all.filter(each -> name(each).equals(thread))
                    .map(each -> each.getFileName().toString())
                    .findFirst()
                    .orElse(null);
        }
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException ended) {
            return "";
        }
    }

    /** Ends the counting: how often each was called. */
    Map<String, Long> stop() throws IOException, InterruptedException {
        strace.destroy();
        if (!strace.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("strace does not end");
        }
        return parse(Files.readString(summary));
    }

    /** The calls for input and output in a summary of strace's. */
    static Map<String, Long> parse(String summary) {
        Map<String, Long> calls = new TreeMap<>();
        summary.lines().forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches() && IO.matcher(matcher.group(2)).matches()) {
                calls.put(matcher.group(2), Long.valueOf(matcher.group(1)));
            }
        });
        return calls;
    }

    @Override
    public void close() throws IOException {
        strace.destroyForcibly();
        Files.deleteIfExists(summary);
    }
}
