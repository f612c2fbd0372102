package dev.valifyproxy.server.admin;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.util.Locale;

/** The admin port cannot be listened on; the message is one sentence for an operator. */
public final class BindFailedException extends IOException {

    private BindFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    static BindFailedException of(AdminSettings settings, Throwable cause) {
        String address = NetUtil.toSocketAddressString(settings.bind(), settings.port());
        return new BindFailedException("cannot listen on " + address + " (admin.port): " + reason(cause), cause);
    }

    /** What the system said, without the native transports' "bind(..) failed with error(-98): " in front. */
    private static String reason(Throwable cause) {
        if (cause.getMessage() == null) {
            return cause.getClass().getSimpleName();
        }
        String words = cause.getMessage().replaceFirst("^bind.*: ", "");
        return words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    }
}
