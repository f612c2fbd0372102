package dev.valifyproxy.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BindFailureTest {

    @Test
    void native_and_java_transports_are_quoted_alike() {
        assertThat(of("0.0.0.0", new BindException("bind(..) failed with error(-13): Permission denied")))
                .hasMessage("cannot listen on 0.0.0.0:80 (server.port): permission denied");
        assertThat(of("0.0.0.0", new BindException("Permission denied")))
                .hasMessage("cannot listen on 0.0.0.0:80 (server.port): permission denied");
    }

    @Test
    void an_ipv6_address_stands_in_brackets() {
        assertThat(of("::1", new BindException("Address already in use")))
                .hasMessage("cannot listen on [::1]:80 (server.port): address already in use");
    }

    @Test
    void a_cause_without_words_is_named() {
        assertThat(of("0.0.0.0", new ClosedChannelException()))
                .hasMessage("cannot listen on 0.0.0.0:80 (server.port): ClosedChannelException");
    }

    private static BindFailure of(String bind, Throwable cause) {
        return BindFailure.of(bind, 80, "server.port", cause);
    }
}
