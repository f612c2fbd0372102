package dev.valifyproxy.testing;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Name servers of a test's own: whatever the name, it has the addresses that were said last. */
public final class Names extends AddressResolverGroup<InetSocketAddress> {

    private volatile List<InetAddress> addresses;

    public Names(InetAddress... addresses) {
        this.addresses = List.of(addresses);
    }

    public void say(InetAddress... now) {
        addresses = List.of(now);
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new InetNameResolver(executor) {
            @Override
            protected void doResolve(String name, Promise<InetAddress> found) {
                found.setSuccess(addresses.get(0));
            }

            @Override
            protected void doResolveAll(String name, Promise<List<InetAddress>> found) {
                found.setSuccess(addresses);
            }
        }.asAddressResolver();
    }
}
