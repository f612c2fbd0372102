package dev.valifyproxy.exchange;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a client's connection comes from, as two fields write it.
 *
 * @param plain an IP address, as {@code X-Forwarded-For} has it
 * @param node the same as RFC 7239 §6 has it: an IPv6 address in brackets, and in quotes
 */
record ClientAddress(String plain, String node) {

    private static final String UNKNOWN = "unknown";

    static ClientAddress of(@Nullable SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress internet) || internet.getAddress() == null) {
            // The connection has ended already, or is none of the internet's (RFC 7239 §6.2).
            return new ClientAddress(UNKNOWN, UNKNOWN);
        }
        String plain = NetUtil.toAddressString(internet.getAddress());
        return new ClientAddress(plain, plain.contains(":") ? "\"[" + plain + "]\"" : plain);
    }
}
