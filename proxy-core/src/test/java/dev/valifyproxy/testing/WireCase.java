package dev.valifyproxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One case of the files in {@code wire/}, whose format {@code wire/README.md} tells. Bytes are strings of ISO 8859-1. */
public final class WireCase {

    private static final Path FILES = Path.of("src/test/resources/wire");
    private static final Set<String> NOTES = Set.of(
            "the client ends its side",
            "the upstream answers the head",
            "the upstream ends the connection",
            "the upstream resets the connection",
            "a part may arrive upstream",
            "the answer comes in one piece");
    private static final Set<String> ENDS = Set.of("open", "close", "cut", "reset");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-f]{2}|.)|\\{([^{}]+)\\*(\\d+)}");

    private final String file;
    private final String name;
    private final Set<String> notes = new HashSet<>();
    private final List<StringBuilder> sent = new ArrayList<>(List.of(new StringBuilder()));
    private final StringBuilder arriving = new StringBuilder();
    private final StringBuilder answer = new StringBuilder();
    private final StringBuilder received = new StringBuilder();
    private final List<Integer> statuses = new ArrayList<>();
    private String section = "";
    private String code = "";
    private String end = "open";

    private WireCase(String file, String name) {
        this.file = file;
        this.name = name;
    }

    /** All cases of all files. */
    public static Stream<WireCase> all() {
        try (Stream<Path> files = Files.list(FILES)) {
            return files
                    .filter(file -> file.toString().endsWith(".case"))
                    .sorted()
                    .flatMap(WireCase::read)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<WireCase> read(Path path) {
        String file = path.getFileName().toString().replace(".case", "");
        List<WireCase> cases = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(path)) {
                if (line.startsWith("--- ")) {
                    cases.add(new WireCase(file, line.substring(4)));
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    cases.get(cases.size() - 1).add(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases.stream();
    }

    private void add(String line) {
        String[] words = line.split(" ", 2);
        String text = words.length == 1 ? "" : words[1];
        switch (words[0]) {
            case ">" -> sent.get(sent.size() - 1).append(bytes(text));
            case ">>" -> arriving.append(bytes(text));
            case "<<" -> answer.append(bytes(text));
            case "<" -> received.append(bytes(text));
            case "=" -> Arrays.stream(text.split(" ")).forEach(this::expect);
            case "!" -> note(text);
            case "RFC", "design:" -> section = line;
            default -> throw new IllegalArgumentException(file + ": " + name + ": " + line);
        }
    }

    private void expect(String word) {
        if (word.matches("\\d{3}")) {
            statuses.add(Integer.valueOf(word));
        } else if (ENDS.contains(word)) {
            end = word;
        } else {
            code = word;
        }
    }

    private void note(String text) {
        if (text.equals("the client awaits 100")) {
            sent.add(new StringBuilder());
        } else if (!NOTES.contains(text)) {
            throw new IllegalArgumentException(file + ": " + name + ": ! " + text);
        } else {
            notes.add(text);
        }
    }

    /** A line with its end, which a backslash takes away. */
    private static String bytes(String line) {
        boolean unended = line.endsWith("\\") && !line.endsWith("\\\\");
        String text = unended ? line.substring(0, line.length() - 1) : line + "\\r\\n";
        return ESCAPE.matcher(text)
                .replaceAll(match ->
                        Matcher.quoteReplacement(match.group(1) == null ? repeated(match) : escaped(match.group(1))));
    }

    private static String repeated(MatchResult match) {
        return bytes(match.group(2) + "\\").repeat(Integer.parseInt(match.group(3)));
    }

    private static String escaped(String escape) {
        return switch (escape.charAt(0)) {
            case 'r' -> "\r";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'x' -> String.valueOf((char) Integer.parseInt(escape.substring(1), 16));
            default -> escape;
        };
    }

    /** What the client sends; between two pieces it awaits a 100. */
    public List<String> sent() {
        return sent.stream().map(StringBuilder::toString).toList();
    }

    /** The whole requests that arrive upstream, one behind the other; empty if none may. */
    public String arriving(String host) {
        return arriving.toString().replace("{host}", host);
    }

    /** What the upstream answers each request; empty if it answers with the request line. */
    public String answer(String host) {
        return answer.toString().replace("{host}", host);
    }

    /** The bytes that the client gets; empty if any will do that have the statuses. */
    public String received(String host) {
        return received.toString().replace("{host}", host);
    }

    public List<Integer> statuses() {
        return statuses;
    }

    /** The value of {@code proxy_error} in the last answer, empty if it is none of ours. */
    public String code() {
        return code;
    }

    /** What becomes of the connection: it stays {@code open} for another request, ends by {@code close} behind the answer or {@code cut} within it, or by a {@code reset}. */
    public boolean ends(String how) {
        if (!ENDS.contains(how)) {
            throw new IllegalArgumentException(how);
        }
        return end.equals(how);
    }

    public boolean notes(String note) {
        if (!NOTES.contains(note)) {
            throw new IllegalArgumentException(note);
        }
        return notes.contains(note);
    }

    /** Where the rule stands. */
    public String section() {
        return section;
    }

    @Override
    public String toString() {
        return file + ": " + name + " (" + section + ")";
    }
}
