package dev.valifyproxy.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HmacSignerTest {
    private static final String BODY = """
            {"trials_remaining":2,"result":{"z":null,"b":"two","t":true,"n":1.5,"a":"one","o":{"y":2}},"transaction_id":"4f1e"}""";

    /** From {@code printf 'onetwo1.5{"y":2}true4f1e2' | openssl dgst -sha512 -hmac key}. */
    private static final String HMAC = "26d403e60e0cb298d1c4ddb5fd66c43afb928b1ff2c2c1a789ba8742e1bdcde4"
            + "f60d3d3eb7ac21584ab04cc04bc2b44d3cbbb1dad821c90a150121d4b2bf8fb0";

    @Test
    void values_of_the_result_come_first_and_those_of_the_body_after_them_each_sorted_by_name() throws Exception {
        assertThat(new HmacSigner("key").sign(new JsonMapper().readTree(BODY))).isEqualTo(HMAC);
    }

    @Test
    void the_right_hmac_of_the_bytes_received_is_verified() {
        assertThat(HmacSigner.verify("key", BODY.getBytes(UTF_8), HMAC)).isTrue();
    }

    @Test
    void another_key_another_body_and_no_json_are_not_verified() {
        assertThat(HmacSigner.verify("other", BODY.getBytes(UTF_8), HMAC)).isFalse();
        assertThat(HmacSigner.verify("key", BODY.replace(":2,", ":1,").getBytes(UTF_8), HMAC))
                .isFalse();
        assertThat(HmacSigner.verify("key", BODY.substring(1).getBytes(UTF_8), HMAC))
                .isFalse();
    }
}
