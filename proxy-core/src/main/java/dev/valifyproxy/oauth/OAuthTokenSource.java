package dev.valifyproxy.oauth;

import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.tls.ClientTls;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.TokenSource;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.asynchttpclient.AsyncHttpClient;
import org.asynchttpclient.DefaultAsyncHttpClient;
import org.asynchttpclient.DefaultAsyncHttpClientConfig;
import org.asynchttpclient.Realm;
import org.asynchttpclient.Request;
import org.asynchttpclient.netty.channel.ChannelManager;
import org.asynchttpclient.proxy.ProxyServer;

/**
 * Mints by OAuth 2.0's password grant (RFC 6749 §4.3). One mint is one request: nothing is sent again, no redirect is followed. All
 * happens on the given loop, name resolution included.
 */
public final class OAuthTokenSource implements TokenSource, AutoCloseable {

    /** Shorter than servers commonly keep an idle connection, so that we close it and do not send into its end. */
    private static final Duration IDLE_CONNECTION = Duration.ofSeconds(15);

    private static final Duration NEVER = Duration.ofMillis(-1);

    private final AsyncHttpClient client;
    private final URI tokenUrl;
    private final Request request;
    private final TokenResponse response;
    private final MintFailures failures;

    /**
     * A source that has not connected yet.
     *
     * @param loop made by {@link MintLoop#create}; stays the caller's
     * @throws IllegalArgumentException if the settings' CA certificates are unreadable
     */
    public OAuthTokenSource(OAuthSettings settings, EventLoopGroup loop) {
        this(settings, loop, DnsServerAddressStreamProviders.platformDefault());
    }

    /** As above, with name servers that a test holds. */
    OAuthTokenSource(OAuthSettings settings, EventLoopGroup loop, DnsServerAddressStreamProvider nameServers) {
        this.client = new DefaultAsyncHttpClient(config(settings, loop, nameServers));
        this.tokenUrl = settings.tokenUrl();
        this.request = TokenRequest.of(tokenUrl, settings.credentials());
        this.response = new TokenResponse(settings);
        this.failures = new MintFailures(settings);
    }

    private OAuthTokenSource(OAuthTokenSource other, Credentials credentials) {
        this.client = other.client;
        this.tokenUrl = other.tokenUrl;
        this.request = TokenRequest.of(tokenUrl, credentials);
        this.response = other.response;
        this.failures = other.failures;
    }

    /** The same endpoint over the same connections, asked with other credentials. To close one of the two is to close both. */
    public OAuthTokenSource withCredentials(Credentials credentials) {
        return new OAuthTokenSource(this, credentials);
    }

    /** Sends one request; any thread. The stage completes on the mint loop. */
    @Override
    public CompletionStage<MintOutcome> mint() {
        MintHandler handler = new MintHandler(response, failures);
        client.executeRequest(request, handler);
        return handler.outcome();
    }

    /** Closes its connections; a mint under way fails. */
    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }

    private static DefaultAsyncHttpClientConfig config(
            OAuthSettings settings, EventLoopGroup loop, DnsServerAddressStreamProvider nameServers) {
        DefaultAsyncHttpClientConfig.Builder config = new DefaultAsyncHttpClientConfig.Builder()
                .setEventLoopGroup(loop)
                .setNettyTimer(new LoopTimer(loop.next()))
                .setAddressResolverGroup(resolver(settings, loop, nameServers))
                .setMaxRequestRetry(0)
                .setFollowRedirect(false)
                .setCookieStore(null)
                .setEnableAutomaticDecompression(false) // not asked for, yet it would cost each mint a handler
                .setValidateResponseHeaders(false) // they are read, and go nowhere
                .setHttpAdditionalChannelInitializer(OAuthTokenSource::leaveOutChunkedWriter)
                .setHttp2Enabled(false)
                .setUserAgent("valify-proxy")
                .setConnectTimeout(settings.connectTimeout())
                .setHandshakeTimeout(Math.toIntExact(settings.connectTimeout().toMillis()))
                .setRequestTimeout(settings.mintTimeout())
                .setReadTimeout(NEVER) // the request's own timeout covers it
                .setPooledConnectionIdleTimeout(IDLE_CONNECTION)
                .setConnectionPoolCleanerPeriod(IDLE_CONNECTION);
        if (settings.proxy() != null) {
            config.setProxyServer(proxy(settings.proxy()));
        }
        if ("https".equalsIgnoreCase(settings.tokenUrl().getScheme())) {
            config.setSslContext(ClientTls.context(settings.tls()));
        }
        return config.build();
    }

    /** Our one body is of one piece. */
    private static void leaveOutChunkedWriter(Channel channel) {
        channel.pipeline().remove(ChannelManager.CHUNKED_WRITER_HANDLER);
    }

    /** Of an https URL it is asked for a tunnel, of an http one for the resource itself (RFC 9112 §3.2.2). */
    private static ProxyServer proxy(EgressProxy proxy) {
        ProxyServer.Builder server = new ProxyServer.Builder(proxy.host(), proxy.port());
        if (proxy.login() != null) {
            server.setRealm(new Realm.Builder(
                            proxy.login().user().reveal(),
                            proxy.login().password().reveal())
                    .setScheme(Realm.AuthScheme.BASIC)
                    .setCharset(StandardCharsets.UTF_8)
                    .setUsePreemptiveAuth(true));
        }
        return server.build();
    }

    private static DnsAddressResolverGroup resolver(
            OAuthSettings settings, EventLoopGroup loop, DnsServerAddressStreamProvider nameServers) {
        return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(MintLoop.datagram(loop))
                .socketChannelType(MintLoop.socket(loop))
                .nameServerProvider(nameServers)
                .queryTimeoutMillis(settings.connectTimeout().toMillis()));
    }
}
