package dev.valifyproxy.sandbox;

import static dev.valifyproxy.sandbox.Client.header;
import static dev.valifyproxy.sandbox.Client.json;
import static dev.valifyproxy.sandbox.Client.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenEndpointTest {
    private final Sandbox sandbox = Sandbox.builder().build().start();
    private final Client client = new Client(sandbox);

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void good_credentials_get_the_five_fields_of_a_token() throws Exception {
        HttpResponse<byte[]> response = client.mint();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
        JsonNode token = json(response);
        assertThat(token.properties().stream().map(Map.Entry::getKey))
                .containsExactly("access_token", "expires_in", "token_type", "scope", "refresh_token");
        assertThat(token.get("expires_in").isInt()).isTrue();
        assertThat(token.get("expires_in").intValue()).isEqualTo(600);
        assertThat(token.get("token_type").textValue()).isEqualTo("Bearer");
        assertThat(client.ocr(token.get("access_token").textValue()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void every_printable_character_survives_the_form() throws Exception {
        StringBuilder all = new StringBuilder("é€😀");
        for (char printable = ' '; printable <= '~'; printable++) {
            all.append(printable);
        }
        String nasty = all.toString();
        SandboxCredentials credentials = new SandboxCredentials(nasty, nasty, nasty, nasty);
        try (Sandbox strict = Sandbox.builder()
                .settings(SandboxSettings.defaults().withCredentials(credentials))
                .build()
                .start()) {
            Map<String, String> form = Client.form();
            form.replaceAll((name, value) -> name.equals("grant_type") ? value : nasty);
            assertThat(new Client(strict).mint(form).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "username, wrong, 400, invalid_grant",
        "password, p#a@s&s w%d, 400, invalid_grant",
        "client_id, wrong, 401, invalid_client",
        "client_secret, wrong, 401, invalid_client",
        "grant_type, client_credentials, 400, unsupported_grant_type"
    })
    void a_wrong_field_is_refused_with_its_oauth_error(String field, String value, int status, String error)
            throws Exception {
        Map<String, String> form = Client.form();
        form.put(field, value);
        HttpResponse<byte[]> response = client.mint(form);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).get("error").textValue()).isEqualTo(error);
        assertThat(sandbox.tokens().minted()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "username, 400, invalid_request",
        "password, 400, invalid_request",
        "client_id, 401, invalid_client",
        "client_secret, 401, invalid_client",
        "grant_type, 400, unsupported_grant_type"
    })
    void a_missing_field_is_refused_with_its_oauth_error(String field, int status, String error) throws Exception {
        Map<String, String> form = Client.form();
        form.remove(field);
        HttpResponse<byte[]> response = client.mint(form);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).get("error").textValue()).isEqualTo(error);
    }

    @ParameterizedTest
    @CsvSource({"grant_type=password&password=%zz, 400", "grant_type=password&grant_type=password, 400"})
    void a_form_that_cannot_be_read_is_an_invalid_request(String form, int status) throws Exception {
        HttpResponse<byte[]> response = client.send(client.request(TokenEndpoint.PATH)
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .POST(BodyPublishers.ofString(form)));
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).get("error").textValue()).isEqualTo("invalid_request");
    }

    @Test
    void a_raw_hash_in_a_form_is_taken_as_it_is() throws Exception {
        SandboxCredentials plain = new SandboxCredentials("u", "p#w", "c", "s");
        try (Sandbox other = Sandbox.builder()
                .settings(SandboxSettings.defaults().withCredentials(plain))
                .build()
                .start()) {
            Client careless = new Client(other);
            String form = "username=u&password=p#w&client_id=c&client_secret=s&grant_type=password";
            HttpResponse<byte[]> response = careless.send(careless.request(TokenEndpoint.PATH)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form)));
            assertThat(response.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_form_of_another_media_type_is_not_read() throws Exception {
        HttpResponse<byte[]> response = client.send(client.request(TokenEndpoint.PATH)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"grant_type\":\"password\"}")));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("error").textValue()).isEqualTo("unsupported_grant_type");
    }

    @Test
    void other_methods_are_not_allowed() throws Exception {
        HttpResponse<byte[]> response =
                client.send(client.request(TokenEndpoint.PATH).GET());
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "Allow")).isEqualTo("POST");
    }

    @ParameterizedTest
    @CsvSource({"/api/o/token", "/api/o//token/", "/API/o/token/"})
    void the_path_is_taken_literally(String path) throws Exception {
        HttpResponse<byte[]> response = client.send(client.request(path).POST(BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(text(response)).isEqualTo("{\"message\":\"Not Found\"}");
    }

    @Test
    void a_new_token_does_not_revoke_earlier_ones() throws Exception {
        String first = json(client.mint()).get("access_token").textValue();
        client.mint();
        assertThat(client.ocr(first).statusCode()).isEqualTo(200);
    }

    @Test
    void a_token_request_is_logged_without_anything_of_its_credentials() throws Exception {
        client.send(client.request(TokenEndpoint.PATH)
                .header("Authorization", "Basic c2VjcmV0")
                .POST(BodyPublishers.ofString("password=secret")));
        assertThat(sandbox.calls().lastMints()).singleElement().satisfies(call -> {
            assertThat(call.values("authorization")).containsExactly("***");
            assertThat(call.bodySha256()).isEmpty();
            assertThat(call.bodyLength()).isEqualTo(15);
        });
        assertThat(sandbox.calls().mints()).isEqualTo(1);
        assertThat(sandbox.calls().calls()).isZero();
    }
}
