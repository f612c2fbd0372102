package dev.valifyproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HopByHopTest {

    private final HttpHeaders headers = new DefaultHttpHeaders();

    @Test
    void fields_of_one_connection_go_and_the_rest_keep_spelling_and_order() {
        headers.add("Host", "h").add("Keep-Alive", "timeout=5").add("x-FIRST", "1");
        headers.add("TE", "trailers").add("Upgrade", "h2c").add("Proxy-Authorization", "Basic eA==");
        headers.add("Proxy-Connection", "keep-alive")
                .add("Connection", "keep-alive")
                .add("X-Second", "2");

        HopByHop.strip(headers);

        assertThat(headers.entries()).extracting("key").containsExactly("Host", "x-FIRST", "X-Second");
    }

    @Test
    void fields_that_connection_names_go_too() {
        headers.add("Connection", "close, X-Internal")
                .add("connection", "x-more")
                .add("X-Internal", "1");
        headers.add("X-More", "2").add("X-Stays", "3");

        HopByHop.strip(headers);

        assertThat(headers.entries()).extracting("key").containsExactly("X-Stays");
    }

    @Test
    void a_connection_that_names_thousands_of_fields_has_each_that_is_there_looked_for_once() {
        AtomicInteger searches = new AtomicInteger();
        HttpHeaders counting = new DefaultHttpHeaders() {
            @Override
            public HttpHeaders remove(String name) {
                searches.incrementAndGet();
                return super.remove(name);
            }

            @Override
            public HttpHeaders remove(CharSequence name) {
                searches.incrementAndGet();
                return super.remove(name);
            }
        };
        StringBuilder names = new StringBuilder("x-a,X-B");
        for (int i = 0; i < 10_000; i++) {
            names.append(",x").append(i);
        }
        counting.add("Connection", names.toString());
        counting.add("X-a", "1").add("x-b", "2").add("X-A", "3").add("X-C", "4").add("X7", "5");

        HopByHop.strip(counting);

        assertThat(counting.entries()).extracting("key").containsExactly("X-C");
        assertThat(searches).hasValueLessThan(20);
    }

    @Test
    void a_client_cannot_nominate_away_what_frames_routes_or_authenticates() {
        headers.add("Connection", "Authorization, host, Content-Length, transfer-encoding, content-type");
        headers.add("Authorization", "Bearer x").add("Host", "h").add("Content-Length", "3");
        headers.add("Content-Type", "application/json");

        HopByHop.strip(headers);

        assertThat(headers.names())
                .containsExactlyInAnyOrder("Authorization", "Host", "Content-Length", "Content-Type");
    }

    @Test
    void trailers_lose_what_must_not_come_after_a_body() {
        headers.add("X-Checksum", "1")
                .add("Authorization", "Bearer x")
                .add("Content-Length", "3")
                .add("Host", "h");

        HopByHop.stripTrailers(headers);

        assertThat(headers.names()).containsExactly("X-Checksum");
    }
}
