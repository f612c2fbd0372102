package dev.valifyproxy.server;

/** What the program ends with. */
enum ExitCode {
    /** It did what was asked. */
    OK(0),
    /** It could not: a port is taken, credentials are refused. */
    FAILURE(1),
    /** It was asked wrongly: command line or configuration. */
    USAGE(2);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
