package dev.valifyproxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BrokenSocketTest {

    @Test
    void a_socket_breaks_with_an_io_exception_or_in_epolls_words_is_not_connected() {
        assertThat(BrokenSocket.isReportedBy(new IOException("connection reset")))
                .isTrue();
        assertThat(BrokenSocket.isReportedBy(new ClosedChannelException())).isTrue();
        assertThat(BrokenSocket.isReportedBy(new NotYetConnectedException())).isTrue();
    }

    @Test
    void anything_else_is_a_bug() {
        assertThat(BrokenSocket.isReportedBy(new IllegalStateException("bug"))).isFalse();
    }
}
