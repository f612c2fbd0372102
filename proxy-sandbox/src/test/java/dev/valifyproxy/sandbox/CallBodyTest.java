package dev.valifyproxy.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CallBodyTest {
    @Test
    void fields_are_found_at_the_top_and_in_data() throws IOException {
        CallBody body = parse("{\"document_type\":\"egy_nid\",\"data\":{\"bundle_key\":\"k\",\"transaction_id\":12}}");
        assertThat(body.get("document_type")).isEqualTo("egy_nid");
        assertThat(body.get("bundle_key")).isEqualTo("k");
        assertThat(body.get("transaction_id")).isEqualTo("12");
    }

    @Test
    void images_are_counted_and_their_text_is_not_kept() throws IOException {
        CallBody body = parse("{\"data\":{\"front_img\":\"AAAA\",\"back_img\":\"BBBB\",\"second_image\":null}}");
        assertThat(body.images()).isEqualTo(2);
        assertThat(body.has("front_img")).isFalse();
    }

    @Test
    void a_field_that_is_null_is_missing() throws IOException {
        assertThat(parse("{\"bundle_key\":null}").has("bundle_key")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "\"text\"", "{", "{\"a\":1", "{\"a\":1}}", "{} {}", "{a:1}", "{\"front_img\":\"A"})
    void anything_but_one_whole_object_is_refused(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(IOException.class);
    }

    private static CallBody parse(String json) throws IOException {
        return CallBody.parse(Unpooled.wrappedBuffer(json.getBytes(UTF_8)));
    }
}
