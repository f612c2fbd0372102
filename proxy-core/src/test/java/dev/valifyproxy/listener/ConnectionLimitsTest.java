package dev.valifyproxy.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.testing.CapturedLog;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConnectionLimitsTest {

    /** A client's channel, from an address of the test's choice. */
    private static final class Client extends EmbeddedChannel {

        private final String from;

        Client(String from) {
            super(new ChannelInboundHandlerAdapter());
            this.from = from;
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(from, 50_000);
        }
    }

    @RegisterExtension
    final CapturedLog captured = new CapturedLog(RefusalLog.class);

    private final List<Client> open = new ArrayList<>();
    private long nanos = Long.MAX_VALUE - 5;

    @AfterEach
    void leave() {
        open.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    private ConnectionLimits limits(int total, Integer perSource) {
        ListenerSettings settings = new ListenerSettings("p", 0, total, perSource, Duration.ofSeconds(60));
        return new ConnectionLimits(settings, () -> nanos);
    }

    /** The connection that comes from there, or null if it was refused. */
    private Client accept(EmbeddedChannel server, String from) {
        Client client = new Client(from);
        server.writeInbound(client);
        if (server.readInbound() == null) {
            assertThat(client.isOpen()).isFalse();
            return null;
        }
        open.add(client);
        return client;
    }

    private List<String> logged() {
        return captured.lines();
    }

    @Test
    void past_the_total_one_more_is_closed_whatever_its_source_until_one_has_left() {
        ConnectionLimits limits = limits(2, null);
        EmbeddedChannel server = new EmbeddedChannel(limits);
        Client first = accept(server, "192.0.2.1");
        assertThat(accept(server, "192.0.2.1")).isNotNull();
        assertThat(accept(server, "192.0.2.2")).isNull();
        assertThat(limits.open()).isEqualTo(2);

        first.close();

        assertThat(limits.open()).isEqualTo(1);
        assertThat(accept(server, "192.0.2.2")).isNotNull();
        assertThat(limits.refusedBy(ConnectionLimit.TOTAL)).isEqualTo(1);
        assertThat(limits.refusedBy(ConnectionLimit.SOURCE)).isZero();
    }

    @Test
    void past_its_own_limit_a_source_is_refused_and_others_are_not() {
        ConnectionLimits limits = limits(10, 1);
        EmbeddedChannel server = new EmbeddedChannel(limits);
        Client first = accept(server, "2001:db8::1");
        assertThat(accept(server, "2001:db8::2")).isNull();
        assertThat(accept(server, "2001:db8:0:1::1")).isNotNull();
        assertThat(limits.open()).isEqualTo(2);

        first.close();

        assertThat(accept(server, "2001:db8::2")).isNotNull();
        assertThat(limits.refusedBy(ConnectionLimit.SOURCE)).isEqualTo(1);
        assertThat(limits.refusedBy(ConnectionLimit.TOTAL)).isZero();
    }

    @Test
    void one_refused_by_the_total_takes_no_room_of_its_source() {
        ConnectionLimits limits = limits(1, 1);
        EmbeddedChannel server = new EmbeddedChannel(limits);
        Client first = accept(server, "192.0.2.1");
        assertThat(accept(server, "192.0.2.2")).isNull();
        first.close();
        assertThat(accept(server, "192.0.2.2")).isNotNull();
    }

    @Test
    void refusals_are_logged_when_they_begin_and_once_a_minute() {
        EmbeddedChannel server = new EmbeddedChannel(limits(1, null));
        accept(server, "192.0.2.1");
        for (int i = 0; i < 100; i++) {
            accept(server, "192.0.2.1");
        }
        assertThat(logged())
                .containsExactly("a client connection was refused because limits.max-connections is reached");

        nanos += Duration.ofMinutes(1).toNanos();
        accept(server, "192.0.2.1");
        accept(server, "192.0.2.1");
        assertThat(logged())
                .last()
                .isEqualTo(
                        "100 more client connections were refused, the last because limits.max-connections is reached");
        assertThat(logged()).hasSize(2);
    }
}
