package dev.valifyproxy.server.settings;

import dev.valifyproxy.secret.Secret;
import java.nio.file.Path;
import java.util.Optional;

/** A file that holds one credential, as container platforms mount them. */
final class SecretFile {

    private static final int MAX_BYTES = 64 << 10;

    private SecretFile() {}

    /** What it holds, to be compared; nothing if it cannot be read. */
    static Optional<Secret> contentOf(Path file) {
        try {
            return Optional.of(Secret.of(read(file.toString())));
        } catch (UnreadableFileException e) {
            return Optional.empty();
        }
    }

    /** The file's text without the line break (LF or CRLF) that editors put at its end; one at most. */
    static String read(String path) throws UnreadableFileException {
        String text = TextFile.read(path, MAX_BYTES);
        if (!text.endsWith("\n")) {
            return text;
        }
        return text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1));
    }
}
