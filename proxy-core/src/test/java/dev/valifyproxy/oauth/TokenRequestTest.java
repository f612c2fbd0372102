package dev.valifyproxy.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.secret.Secret;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.asynchttpclient.Request;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenRequestTest {

    static Stream<String> values() {
        Stream<String> printable = IntStream.rangeClosed(' ', '~').mapToObj(Character::toString);
        String all =
                IntStream.rangeClosed(' ', '~').mapToObj(Character::toString).collect(Collectors.joining());
        return Stream.concat(
                printable, Stream.of("", all, "pä§ß", "كلمة السر", "🔑", "a=b&password=c", "%41", "\r\n\t"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void every_character_arrives_as_it_is_in_every_field(String value) {
        Secret secret = Secret.of(value);

        String form = TokenRequest.form(new Credentials(secret, secret, secret, secret));

        // Netty's decoder, so that the JDK's encoder is not checked by its twin.
        Map<String, List<String>> read = new QueryStringDecoder(form, false).parameters();
        assertThat(read)
                .isEqualTo(Map.of(
                        "grant_type", List.of("password"),
                        "username", List.of(value),
                        "password", List.of(value),
                        "client_id", List.of(value),
                        "client_secret", List.of(value)));
    }

    @Test
    void the_url_is_kept_as_configured() {
        Secret any = Secret.of("x");
        Request request = TokenRequest.of(
                URI.create("https://example.org:8443/a%20b/token/?tenant=a%2Fb"), new Credentials(any, any, any, any));

        assertThat(request.getUrl()).isEqualTo("https://example.org:8443/a%20b/token/?tenant=a%2Fb");
    }
}
