package dev.valifyproxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.Provenance.Forwarded;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProvenanceTest {

    private static final Provenance VIA = new Provenance(true, Forwarded.OFF);
    private static final Provenance FORWARDED = new Provenance(false, Forwarded.FORWARDED);
    private static final Provenance X_FORWARDED = new Provenance(false, Forwarded.X_FORWARDED);

    private final HttpHeaders head = new DefaultHttpHeaders();

    private static ClientAddress from(String address) {
        return ClientAddress.of(new InetSocketAddress(address, 50_000));
    }

    private List<String> told(Provenance provenance, HttpVersion version, String host, ClientAddress client) {
        provenance.addTo(head, version, host, client);
        return lines(head);
    }

    private List<String> told(Provenance provenance) {
        return told(provenance, HttpVersion.HTTP_1_1, "p:8080", from("192.0.2.1"));
    }

    private static List<String> lines(HttpHeaders headers) {
        return headers.entries().stream()
                .map(field -> field.getKey() + ": " + field.getValue())
                .toList();
    }

    @Test
    void via_names_the_version_that_was_received() {
        assertThat(told(VIA)).containsExactly("via: 1.1 valify-proxy");
        head.clear();
        assertThat(told(VIA, HttpVersion.HTTP_1_0, "p", from("192.0.2.1"))).containsExactly("via: 1.0 valify-proxy");
    }

    @Test
    void a_way_that_is_told_already_goes_on_in_its_last_line_as_that_is_spelt() {
        head.add("Via", "1.0 fred").add("Accept", "a").add("VIA", "1.1 p.example");
        assertThat(told(VIA)).containsExactly("Via: 1.0 fred", "Accept: a", "VIA: 1.1 p.example, 1.1 valify-proxy");
    }

    @Test
    void an_empty_line_is_filled() {
        head.add("Via", "");
        assertThat(told(VIA)).containsExactly("Via: 1.1 valify-proxy");
    }

    @Test
    void an_answer_tells_its_way_too_and_nothing_of_the_client() {
        HttpResponse answer = new DefaultHttpResponse(HttpVersion.HTTP_1_0, HttpResponseStatus.OK);
        new Provenance(true, Forwarded.FORWARDED).addTo(answer);
        assertThat(lines(answer.headers())).containsExactly("via: 1.0 valify-proxy");

        HttpResponse other = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        FORWARDED.addTo(other);
        assertThat(other.headers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            192.0.2.1     | p            | for=192.0.2.1;host="p";proto=http
            192.0.2.1     | p:8080       | for=192.0.2.1;host="p:8080";proto=http
            192.0.2.1     | [::1]:8080   | for=192.0.2.1;host="[::1]:8080";proto=http
            2001:db8::a:1 | p            | for="[2001:db8::a:1]";host="p";proto=http
            2001:db8:0:0:0:0:0:1 | p     | for="[2001:db8::1]";host="p";proto=http
            192.0.2.1     |              | for=192.0.2.1;proto=http
            """)
    void forwarded_tells_address_host_and_scheme(String client, String host, String element) {
        assertThat(told(FORWARDED, HttpVersion.HTTP_1_1, host, from(client))).containsExactly("forwarded: " + element);
    }

    @Test
    void forwarded_goes_on_where_others_began_and_leaves_the_older_fields_alone() {
        head.add("Forwarded", "for=10.0.0.1").add("X-Forwarded-For", "10.0.0.1");
        assertThat(told(FORWARDED))
                .containsExactly(
                        "Forwarded: for=10.0.0.1, for=192.0.2.1;host=\"p:8080\";proto=http",
                        "X-Forwarded-For: 10.0.0.1");
    }

    @Test
    void the_older_fields_tell_the_same() {
        assertThat(told(X_FORWARDED))
                .containsExactly("x-forwarded-for: 192.0.2.1", "x-forwarded-proto: http", "x-forwarded-host: p:8080");
    }

    @Test
    void an_ipv6_address_stands_bare_in_the_older_field() {
        assertThat(told(X_FORWARDED, HttpVersion.HTTP_1_0, null, from("2001:db8::1")))
                .containsExactly("x-forwarded-for: 2001:db8::1", "x-forwarded-proto: http");
    }

    @Test
    void what_stands_in_front_knows_scheme_and_host_better() {
        head.add("X-Forwarded-For", "10.0.0.1")
                .add("X-Forwarded-Proto", "https")
                .add("X-Forwarded-Host", "api.bank.example");
        assertThat(told(X_FORWARDED))
                .containsExactly(
                        "X-Forwarded-For: 10.0.0.1, 192.0.2.1",
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Host: api.bank.example");
    }

    @Test
    void a_client_whose_address_is_gone_is_unknown() {
        assertThat(told(FORWARDED, HttpVersion.HTTP_1_1, "p", ClientAddress.of(null)))
                .containsExactly("forwarded: for=unknown;host=\"p\";proto=http");
    }
}
