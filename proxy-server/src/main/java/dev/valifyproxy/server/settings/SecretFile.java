package dev.valifyproxy.server.settings;

/** A file that holds one credential, as container platforms mount them. */
final class SecretFile {

    private static final int MAX_BYTES = 64 << 10;

    private SecretFile() {}

    /** The file's text without the line break (LF or CRLF) that editors put at its end; one at most. */
    static String read(String path) throws UnreadableFileException {
        String text = TextFile.read(path, MAX_BYTES);
        if (!text.endsWith("\n")) {
            return text;
        }
        return text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1));
    }
}
