package dev.valifyproxy.listener;

/** The proxy cannot listen where it is told to; the message is one sentence for whoever started it. */
public final class BindFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BindFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
