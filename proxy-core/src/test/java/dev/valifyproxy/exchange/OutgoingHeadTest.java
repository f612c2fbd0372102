package dev.valifyproxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OutgoingHeadTest {

    private final HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_0, HttpMethod.POST, "http://p/x?y");

    private List<String> prepared() {
        OutgoingHead.prepare(head, "/x?y", "valify.example");
        return head.headers().entries().stream()
                .map(field -> field.getKey() + ": " + field.getValue())
                .toList();
    }

    @Test
    void it_asks_for_the_target_by_http_1_1() {
        prepared();
        assertThat(head.uri()).isEqualTo("/x?y");
        assertThat(head.protocolVersion()).isEqualTo(HttpVersion.HTTP_1_1);
    }

    @Test
    void host_becomes_the_upstreams_in_its_place_and_all_else_keeps_order_and_spelling() {
        head.headers()
                .add("X-Valify-reference-userid", "7")
                .add("hOsT", "p:8080")
                .add("ACCEPT", "a")
                .add("accept", "b");
        assertThat(prepared())
                .containsExactly("X-Valify-reference-userid: 7", "hOsT: valify.example", "ACCEPT: a", "accept: b");
    }

    @Test
    void a_host_that_is_missing_is_added() {
        head.headers().add("Accept", "a");
        assertThat(prepared()).containsExactly("Accept: a", "host: valify.example");
    }

    @Test
    void what_concerns_the_connection_alone_stays_behind() {
        head.headers()
                .add("Host", "p")
                .add("Connection", "close, X-Hop, Content-Length, Host")
                .add("X-Hop", "1")
                .add("Keep-Alive", "5")
                .add("TE", "trailers")
                .add("Upgrade", "h2c")
                .add("Proxy-Authorization", "Basic x")
                .add("Proxy-Connection", "keep-alive")
                .add("Content-Length", "5");
        assertThat(prepared()).containsExactly("Host: valify.example", "Content-Length: 5");
    }
}
