package dev.valifyproxy.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parser of HTTP/1 that knows nothing but the grammar of RFC 9112: it reads a stream that is there as a whole, and says which messages it
 * holds, byte for byte, or where it is none. Shares nothing with what it is to judge.
 */
public final class StrictHttp {

    /** A field's name and value, without the white space around it. */
    public record Field(String name, String value) {

        /** Whether this is its name; names know no case. */
        public boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    /** How a message's end is found (RFC 9112 §6.3). */
    public enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        CLOSE
    }

    /**
     * One message.
     *
     * @param start method and target, or status and reason
     * @param minor of HTTP/1's version
     * @param body in ISO 8859-1
     */
    public record Message(
            List<String> start, int minor, List<Field> fields, Framing framing, String body, List<Field> trailers) {

        /** Every value of this field. */
        public List<String> values(String name) {
            return fields.stream()
                    .filter(field -> field.is(name))
                    .map(Field::value)
                    .toList();
        }

        /** Of an answer. */
        public int status() {
            return Integer.parseInt(start.get(0));
        }

        /** Whether the connection stays behind it (RFC 9112 §9.3). */
        public boolean keepsAlive() {
            List<String> options = values("connection").stream()
                    .flatMap(value -> Pattern.compile(",").splitAsStream(value))
                    .map(option -> option.strip().toLowerCase(Locale.ROOT))
                    .toList();
            return !options.contains("close") && (minor > 0 || options.contains("keep-alive"));
        }
    }

    /**
     * What a stream holds.
     *
     * @param messages the complete ones
     * @param unfinished one whose head is there and whose end is not, or null; its body is what there is of it
     * @param refusal what is wrong behind those, or null; a stream that just ends is not wrong
     * @param rest how many bytes stand behind the last complete message
     */
    public record Parsed(List<Message> messages, Message unfinished, String refusal, int rest) {

        /** How many heads stand the test. */
        public int heads() {
            return messages.size() + (unfinished == null ? 0 : 1);
        }
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    private static final class Incomplete extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Incomplete() {
            super(null, null, false, false);
        }
    }

    private final String in;
    private final Set<Leniency> lenient;
    private final boolean ofAnswer;
    private int at;
    private Message head;
    private final StringBuilder body = new StringBuilder();

    private StrictHttp(byte[] stream, boolean ofAnswer, Set<Leniency> lenient) {
        this.in = new String(stream, StandardCharsets.ISO_8859_1);
        this.ofAnswer = ofAnswer;
        this.lenient = lenient;
    }

    /** What a server reads that takes it for requests. */
    public static Parsed requests(byte[] stream, Set<Leniency> lenient) {
        return new StrictHttp(stream, false, lenient).readRequests();
    }

    /**
     * What a client reads that sent one request: interim answers, and the final one.
     *
     * @param toHead whether the request was a HEAD
     * @param ended whether the connection ended in order behind this, which then is a body's end
     */
    public static Parsed answer(byte[] stream, boolean toHead, boolean ended, Set<Leniency> lenient) {
        return new StrictHttp(stream, true, lenient).readAnswer(toHead, ended);
    }

    private Parsed readRequests() {
        List<Message> messages = new ArrayList<>();
        int end = 0;
        try {
            skipLineEnds();
            while (at < in.length()) {
                messages.add(withBody(requestHead(), true));
                end = at;
                skipLineEnds();
            }
            return parsed(messages, null, end);
        } catch (Incomplete e) {
            return parsed(messages, null, end);
        } catch (Refused e) {
            return parsed(messages, e.getMessage(), end);
        }
    }

    private Parsed readAnswer(boolean toHead, boolean ended) {
        List<Message> messages = new ArrayList<>();
        int end = 0;
        try {
            while (messages.isEmpty() || messages.get(messages.size() - 1).status() < 200) {
                messages.add(withBody(answerHead(toHead), ended));
                end = at;
            }
            return parsed(messages, null, end);
        } catch (Incomplete e) {
            return parsed(messages, null, end);
        } catch (Refused e) {
            return parsed(messages, e.getMessage(), end);
        }
    }

    private Parsed parsed(List<Message> messages, String refusal, int end) {
        Message unfinished = head == null
                ? null
                : new Message(head.start, head.minor, head.fields, head.framing, body.toString(), List.of());
        return new Parsed(messages, unfinished, refusal, in.length() - end);
    }

    private void skipLineEnds() {
        while (in.startsWith("\r\n", at)) {
            at += 2;
        }
        while (lenient.contains(Leniency.LINE_ENDS_BEFORE_A_REQUEST)
                && at < in.length()
                && "\r\n".indexOf(in.charAt(at)) >= 0) {
            at++;
        }
    }

    /** A line without its CRLF. */
    private String line() {
        int feed = in.indexOf('\n', at);
        if (feed < 0) {
            throw new Incomplete();
        }
        String line = in.substring(at, feed);
        require(line.endsWith("\r"), "a line that ends without a carriage return");
        at = feed + 1;
        return line.substring(0, line.length() - 1);
    }

    private static void require(boolean holds, String why) {
        if (!holds) {
            throw new Refused(why);
        }
    }

    private static Matcher match(Pattern pattern, String text, String what) {
        Matcher matcher = pattern.matcher(text);
        require(matcher.matches(), what);
        return matcher;
    }

    // ---- heads

    private Message requestHead() {
        Matcher line = match(StrictSyntax.REQUEST_LINE, line(), "no request line");
        String method = line.group(1);
        requireTarget(method, line.group(2));
        int minor = Integer.parseInt(line.group(3));
        List<Field> fields = fields();
        Message bare = new Message(List.of(method, line.group(2)), minor, fields, Framing.NONE, "", List.of());
        requireHost(bare);
        Framing framing = declared(bare);
        return new Message(bare.start, minor, fields, framing, "", List.of());
    }

    private void requireTarget(String method, String target) {
        require(!method.equals("CONNECT"), "a tunnel is for a proxy that its client knows of");
        if (target.equals("*")) {
            require(method.equals("OPTIONS"), "an asterisk for another method than OPTIONS");
            return;
        }
        Matcher absolute = StrictSyntax.ABSOLUTE_FORM.matcher(target);
        String origin = target;
        if (absolute.matches()) {
            match(host(), absolute.group(1), "an authority that is none");
            origin = absolute.group(2).startsWith("/") ? absolute.group(2) : "/" + absolute.group(2);
        }
        match(
                lenient.contains(Leniency.TARGET_CHARACTERS)
                        ? StrictSyntax.LENIENT_ORIGIN_FORM
                        : StrictSyntax.ORIGIN_FORM,
                origin,
                "a target that is none");
    }

    private Pattern host() {
        return lenient.contains(Leniency.HOST_SYNTAX) ? StrictSyntax.LENIENT_HOST_FIELD : StrictSyntax.HOST_FIELD;
    }

    private void requireHost(Message message) {
        List<String> hosts = message.values("host");
        require(hosts.size() == 1 || (hosts.isEmpty() && message.minor == 0), "not exactly one Host");
        if (!hosts.isEmpty()) {
            match(host(), hosts.get(0), "a Host that is none");
        }
    }

    private Message answerHead(boolean toHead) {
        Matcher line = match(StrictSyntax.STATUS_LINE, line(), "no status line");
        require(
                line.group(3) != null || lenient.contains(Leniency.STATUS_LINE_WITHOUT_LAST_SPACE),
                "no space behind the status");
        int status = Integer.parseInt(line.group(2));
        require(status != 101, "a switch of protocols that nobody asked for");
        int minor = Integer.parseInt(line.group(1));
        String reason = line.group(3) == null ? "" : line.group(3).substring(1);
        List<Field> fields = fields();
        Message bare = new Message(List.of(line.group(2), reason), minor, fields, Framing.NONE, "", List.of());
        Framing framing = Framing.NONE;
        if (!toHead && status >= 200 && status != 204 && status != 304) {
            framing = declared(bare);
            framing = framing == Framing.NONE ? Framing.CLOSE : framing;
        }
        return new Message(bare.start, minor, fields, framing, "", List.of());
    }

    private List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            Matcher field = match(StrictSyntax.FIELD, line, "a line that is no field");
            boolean maySpace = ofAnswer && lenient.contains(Leniency.SPACE_BEFORE_AN_ANSWERS_COLON);
            require(maySpace || field.group(2).isEmpty(), "white space before a colon");
            fields.add(new Field(field.group(1), field.group(3).replaceAll("[ \\t]++$", "")));
        }
        return fields;
    }

    // ---- bodies

    /** What the fields say of a body (RFC 9112 §6.3). */
    private static Framing declared(Message message) {
        List<String> codings = message.values("transfer-encoding");
        List<String> lengths = message.values("content-length");
        if (!codings.isEmpty()) {
            require(message.minor > 0, "a transfer coding in HTTP/1.0");
            require(codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"), "a coding but chunked, once");
            require(lengths.isEmpty(), "both a length and a coding");
            return Framing.CHUNKED;
        }
        require(lengths.size() <= 1, "several lengths");
        if (lengths.isEmpty()) {
            return Framing.NONE;
        }
        lengthOf(lengths.get(0));
        return Framing.LENGTH;
    }

    private static long lengthOf(String digits) {
        match(StrictSyntax.LENGTH, digits, "a length that is no number");
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new Refused("a length larger than anything");
        }
    }

    private Message withBody(Message begun, boolean ended) {
        head = begun;
        body.setLength(0);
        List<Field> trailers = List.of();
        switch (begun.framing) {
            case LENGTH -> take(lengthOf(begun.values("content-length").get(0)));
            case CHUNKED -> trailers = chunks();
            case CLOSE -> {
                take(in.length() - at);
                if (!ended) {
                    throw new Incomplete();
                }
            }
            case NONE -> {}
        }
        head = null;
        return new Message(begun.start, begun.minor, begun.fields, begun.framing, body.toString(), trailers);
    }

    private void take(long length) {
        int there = (int) Math.min(length, in.length() - at);
        body.append(in, at, at + there);
        at += there;
        if (there < length) {
            throw new Incomplete();
        }
    }

    private List<Field> chunks() {
        while (true) {
            boolean maybeOdd = lenient.contains(Leniency.CHUNK_EXTENSION_SYNTAX);
            Matcher line = match(
                    maybeOdd ? StrictSyntax.LENIENT_CHUNK_LINE : StrictSyntax.CHUNK_LINE, line(), "no chunk's line");
            String digits = line.group(1).replaceFirst("^0+(?=.)", "");
            require(digits.length() <= 15, "a chunk larger than anything");
            long size = Long.parseLong(digits, 16);
            if (size == 0) {
                return fields();
            }
            take(size);
            if (in.length() - at < 2) {
                require("\r\n".startsWith(in.substring(at)), "a chunk not followed by a line's end");
                throw new Incomplete();
            }
            require(in.startsWith("\r\n", at), "a chunk not followed by a line's end");
            at += 2;
        }
    }
}
