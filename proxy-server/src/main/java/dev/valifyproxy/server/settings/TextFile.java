package dev.valifyproxy.server.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Small files of text that the configuration names. */
final class TextFile {

    private TextFile() {}

    /**
     * Reads a file of UTF-8 text.
     *
     * @throws UnreadableFileException in words for the user; holds nothing of the file
     */
    static String read(String path, int maxBytes) throws UnreadableFileException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(Path.of(path))) {
            bytes = in.readNBytes(maxBytes + 1);
        } catch (IOException | InvalidPathException e) {
            throw new UnreadableFileException("cannot read " + path + ": " + reason(e));
        }
        if (bytes.length > maxBytes) {
            throw new UnreadableFileException(
                    "cannot read " + path + ": it is larger than " + (maxBytes >> 10) + " KiB");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnreadableFileException("cannot read " + path + ": it is not UTF-8 text");
        }
    }

    /** Why a file could not be read; the exception's own text repeats the path, or is for programmers. */
    static String reason(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
