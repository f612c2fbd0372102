package dev.valifyproxy.upstream;

import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.tls.ClientTls;
import dev.valifyproxy.upstream.ConnectFailure.By;
import dev.valifyproxy.worker.Transport;
import dev.valifyproxy.worker.Worker;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Knows how to reach one origin: its address, or that of the egress proxy before it, how names are resolved, what a channel looks like.
 * Each connection is made by a {@link ConnectAttempt}, on the event loop on which it will live. Any thread.
 */
final class Connector {

    /** Large uploads and answers come in few reads; small ones settle at small buffers. */
    private static final AdaptiveRecvByteBufAllocator RECEIVE_BUFFERS =
            new AdaptiveRecvByteBufAllocator(1024, 4096, 256 * 1024);

    private final UpstreamSettings settings;
    private final Transport transport;
    private final AddressResolverGroup<InetSocketAddress> names;
    private final @Nullable SslContext tls;
    private final InetSocketAddress origin;

    /** Where TCP goes: to the egress proxy if there is one, which then resolves the origin's name itself. */
    private final InetSocketAddress hop;

    /** Closes {@code names} with itself. */
    Connector(UpstreamSettings settings, Transport transport, AddressResolverGroup<InetSocketAddress> names) {
        this.settings = settings;
        this.transport = transport;
        this.names = names;
        this.tls = isSecure(settings.baseUrl()) ? ClientTls.context(settings.tls()) : null;
        this.origin = origin(settings.baseUrl());
        EgressProxy proxy = settings.proxy();
        this.hop = proxy == null ? origin : address(proxy.host(), proxy.port());
    }

    /** The name servers that this machine is told to ask. */
    static AddressResolverGroup<InetSocketAddress> dns(UpstreamSettings settings, Transport transport) {
        return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(transport.datagram())
                .socketChannelType(transport.socket(), true)
                .queryTimeoutMillis(Math.max(1, settings.connectTimeout().toMillis() / 3)));
    }

    /** Begins to connect; on the worker's event loop. {@code http} fills the pipeline behind TLS. */
    void connect(Worker worker, Consumer<ChannelPipeline> http, ConnectAttempt.Receiver receiver) {
        Bootstrap bootstrap = new Bootstrap()
                .group(worker.loop())
                .channel(transport.socket())
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                // An upstream that answers early and closes resets an upload: what it said before is still to be read.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.ALLOCATOR, worker.buffers())
                .option(ChannelOption.RECVBUF_ALLOCATOR, RECEIVE_BUFFERS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (settings.proxy() == null) {
                            fill(channel, http);
                        } else {
                            TunnelHandler.addTo(
                                    channel,
                                    worker.deadlines(),
                                    settings.proxy(),
                                    authority(),
                                    tunnelled -> fill(tunnelled, http));
                        }
                    }
                });
        By party = settings.proxy() == null ? By.UPSTREAM : By.EGRESS_PROXY;
        new ConnectAttempt(worker, bootstrap, party, settings.connectTimeout(), receiver)
                .start(names.getResolver(worker.loop()), hop);
    }

    private void fill(Channel channel, Consumer<ChannelPipeline> http) {
        addTls(channel);
        http.accept(channel.pipeline());
    }

    /** The origin as a proxy is told it: the port always with it (RFC 9110 §9.3.6). */
    private String authority() {
        return settings.baseUrl().getHost() + ":" + origin.getPort();
    }

    private void addTls(Channel channel) {
        if (tls == null) {
            return;
        }
        SslHandler handler = tls.newHandler(channel.alloc(), origin.getHostString(), origin.getPort());
        handler.setHandshakeTimeoutMillis(settings.tlsHandshakeTimeout().toMillis());
        channel.pipeline().addLast("tls", handler);
    }

    void close() {
        names.close();
    }

    private static boolean isSecure(URI baseUrl) {
        return baseUrl.getScheme().equalsIgnoreCase("https");
    }

    private static InetSocketAddress origin(URI baseUrl) {
        int port = baseUrl.getPort() >= 0 ? baseUrl.getPort() : isSecure(baseUrl) ? 443 : 80;
        return address(baseUrl.getHost(), port);
    }

    /** The address to resolve; an IP literal is one already. */
    private static InetSocketAddress address(String host, int port) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal == null) {
            return InetSocketAddress.createUnresolved(host, port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(host, literal), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + host, e);
        }
    }
}
