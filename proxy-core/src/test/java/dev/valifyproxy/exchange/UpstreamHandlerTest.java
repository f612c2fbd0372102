package dev.valifyproxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.testing.CapturedLog;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UpstreamHandlerTest {

    @RegisterExtension
    final CapturedLog captured = new CapturedLog(UpstreamHandler.class);

    private final EmbeddedChannel channel = new EmbeddedChannel(new UpstreamHandler());

    @AfterEach
    void stop() {
        channel.finishAndReleaseAll();
    }

    static Stream<Throwable> breaks() {
        return Stream.of(
                new IOException("connection reset"),
                new NotYetConnectedException(),
                new DecoderException(new NotSslRecordException("not an SSL/TLS record: 485454502f312e31")));
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void what_an_upstream_can_cause_closes_the_connection_and_is_not_logged(Throwable broken) {
        channel.pipeline().fireExceptionCaught(broken);

        assertThat(channel.isOpen()).isFalse();
        assertThat(captured.lines()).isEmpty();
    }

    @Test
    void a_bug_closes_the_connection_and_is_logged_once() {
        channel.pipeline().fireExceptionCaught(new IllegalStateException("bug"));

        assertThat(channel.isOpen()).isFalse();
        assertThat(captured.lines()).hasSize(1);
    }
}
