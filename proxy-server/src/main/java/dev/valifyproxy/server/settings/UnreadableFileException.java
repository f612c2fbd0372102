package dev.valifyproxy.server.settings;

/** A file that the configuration names cannot be used; the message tells its path and the reason. */
final class UnreadableFileException extends Exception {

    UnreadableFileException(String message) {
        super(message);
    }
}
