package dev.valifyproxy.listener;

import io.netty.util.NetUtil;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;

/** A port cannot be listened on; the message is one sentence for whoever started the proxy. */
public final class BindFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private BindFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * What to say when listening failed.
     *
     * @param bind the address or host name, as configured
     * @param keys of the configuration, which say where to change it
     */
    public static BindFailure of(String bind, int port, String keys, Throwable cause) {
        String address = NetUtil.toSocketAddressString(bind, port);
        return new BindFailure("cannot listen on " + address + " (" + keys + "): " + reason(cause), cause);
    }

    /** What the system said, without the native transports' "bind(..) failed with error(-98): " in front. */
    private static String reason(Throwable cause) {
        if (cause instanceof UnresolvedAddressException) {
            return "there is no host of this name";
        }
        if (cause.getMessage() == null) {
            return cause.getClass().getSimpleName();
        }
        String words = cause.getMessage().replaceFirst("^bind.*: ", "");
        return words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    }
}
