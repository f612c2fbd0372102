package dev.valifyproxy.sandbox;

import static dev.valifyproxy.sandbox.Client.OCR;
import static dev.valifyproxy.sandbox.Client.OCR_BODY;
import static dev.valifyproxy.sandbox.Client.header;
import static dev.valifyproxy.sandbox.Client.json;
import static dev.valifyproxy.sandbox.Client.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ServicesTest {
    private static final String BUNDLE = "\"bundle_key\":\"" + SandboxSettings.DEMO_BUNDLE_KEY + "\"";

    private final Sandbox sandbox = Sandbox.builder().build().start();
    private final Client client = new Client(sandbox);
    private final String token = sandbox.tokens().mint();

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @ParameterizedTest
    @CsvSource({
        "egy_nid, front_nid",
        "egy_passport, passport_number",
        "egy_car_license, plate_number",
        "egy_cr, registration_number",
        "lby_passport, passport_number",
        "mar_nid_ocr, nid",
        "tun_nid_ocr, nid",
        "KSA_nid_ocr, hijri_date_of_birth"
    })
    void each_document_type_is_read_into_its_own_fields(String type, String field) throws Exception {
        HttpResponse<byte[]> response = client.call(OCR, token, OCR_BODY.replace("egy_nid", type));
        assertSignedSuccess(response);
        assertThat(json(response).get("result").has(field)).isTrue();
        assertThat(json(response).get("transaction_id").isTextual()).isTrue();
        assertThat(json(response).get("trials_remaining").intValue()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/ocr/                         | {\"document_type\":\"egy_nid\",\"data\":{BUNDLE,\"front_img\":\"A\"}} | result",
                "/api/v1/ocr/egp_nid_ocr/             | {\"data\":{BUNDLE,\"front_img\":\"A\"}} | result",
                "/api/v1/face/match/                  | {BUNDLE,\"data\":{\"first_img\":\"A\",\"second_img\":\"B\"}} | result",
                "/api/v1.1/face/match/                | {BUNDLE,\"data\":{\"transaction_id\":\"t\",\"second_img\":\"B\"}} | result",
                "/api/v1/transliterate/egy-nid/       | {BUNDLE,\"data\":{}} | result",
                "/api/v2.1/sanction-shield/search/    | {BUNDLE,\"name\":\"Mona\"} | result",
                "/api/v2/sanction-shield/search/      | {BUNDLE,\"name\":\"Mona\"} | result",
                "/api/v1/otp/send/                    | {BUNDLE,\"phone_number\":\"+201000000000\"} | transaction_id",
                "/api/v1/otp/verify/                  | {BUNDLE,\"transaction_id\":12,\"otp\":\"123456\"} | verified",
                "/api/v1/otp/email/send/              | {BUNDLE,\"email\":\"a@b.example\"} | transaction_id",
                "/api/v1/otp/email/verify/            | {BUNDLE,\"transaction_id\":12,\"otp\":\"123456\"} | verified",
                "/api/v1/transaction/inquire/         | {\"transaction_id\":\"t\"} | data",
                "/api/v1/transaction/inquiry/         | {\"transaction_id\":\"t\"} | data",
                "/api/v1/transaction/fetch-images/    | {\"transaction_id\":\"t\"} | data",
                "/api/v1/fra/ntra/                    | {\"nid\":\"29003150199887\"} | result",
                "/api/v1.1/fra/cso/                   | {\"nid\":\"29003150199887\"} | result"
            })
    void every_endpoint_answers_a_complete_request_and_signs_the_answer(String path, String body, String field)
            throws Exception {
        HttpResponse<byte[]> response = client.call(path, token, body.replace("BUNDLE", BUNDLE));
        assertSignedSuccess(response);
        assertThat(json(response).has(field)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1.5/ocr/                    | {\"document_type\":\"egy_nid\",\"data\":{\"front_img\":\"A\"}} | bundle_key",
                "/api/v1.5/ocr/                    | {\"data\":{BUNDLE,\"front_img\":\"A\"}} | document_type",
                "/api/v1.5/ocr/                    | {\"document_type\":\"egy_nid\",\"data\":{BUNDLE}} | front_img",
                "/api/v1.5/ocr/                    | {\"document_type\":\"x\",\"data\":{BUNDLE,\"front_img\":\"A\"}} | document_type",
                "/api/v1/face/match/               | {BUNDLE,\"data\":{\"first_img\":\"A\"}} | second_img",
                "/api/v1/otp/send/                 | {BUNDLE} | phone_number",
                "/api/v1/otp/email/send/           | {BUNDLE} | email",
                "/api/v1/otp/verify/               | {BUNDLE,\"transaction_id\":12} | otp",
                "/api/v1/transaction/inquire/      | {} | transaction_id",
                "/api/v1/transaction/fetch-images/ | {\"access_token\":\"t\"} | transaction_id",
                "/api/v1.5/ocr/                    | {\"document_type\": | invalid JSON",
                "/api/v1.5/ocr/                    | [] | invalid JSON"
            })
    void an_incomplete_request_is_a_bad_request_that_names_what_is_wrong(String path, String body, String named)
            throws Exception {
        HttpResponse<byte[]> response = client.call(path, token, body.replace("BUNDLE", BUNDLE));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("message").textValue())
                .startsWith("Bad Request – ")
                .contains(named);
    }

    @Test
    void uses_left_are_told_call_by_call() throws Exception {
        for (int left = 2; left >= 0; left--) {
            assertThat(json(client.ocr(token)).get("trials_remaining").intValue())
                    .isEqualTo(left);
        }
    }

    @Test
    void the_otp_of_zeros_is_wrong() throws Exception {
        HttpResponse<byte[]> response =
                client.call("/api/v1/otp/verify/", token, "{" + BUNDLE + ",\"transaction_id\":12,\"otp\":\"000000\"}");
        assertThat(text(response)).isEqualTo("{\"verified\":false}");
    }

    @Test
    void fetched_images_are_megabytes() throws Exception {
        HttpResponse<byte[]> response =
                client.call("/api/v1/transaction/fetch-images/", token, "{\"transaction_id\":\"t\"}");
        assertThat(response.body()).hasSizeGreaterThan(3_000_000);
    }

    @Test
    void a_wrong_bundle_key_is_unauthorized_and_that_is_not_the_tokens_fault() throws Exception {
        HttpResponse<byte[]> response =
                client.call(OCR, token, OCR_BODY.replace(SandboxSettings.DEMO_BUNDLE_KEY, "other"));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(text(response)).isEqualTo("{\"message\":\"Unauthorized – your Bundle key is invalid\"}");
        assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(sandbox.tokens().used()).isEqualTo(1);
        assertThat(sandbox.tokens().refused()).isZero();
    }

    @Test
    void a_business_error_is_answered_on_request() throws Exception {
        HttpResponse<byte[]> response = client.call(OCR, token, OCR_BODY, Services.BUSINESS_ERROR, "5039");
        assertThat(response.statusCode()).isEqualTo(422);
        JsonNode error = json(response);
        assertThat(error.get("error_code").intValue()).isEqualTo(5039);
        assertThat(error.get("message").textValue()).contains("Glare");
        assertThat(error.get("trials_remaining").intValue()).isEqualTo(2);
        assertThat(error.get("transaction_id").textValue()).isNotEmpty();
        assertThat(response.headers().firstValue("hmac")).isEmpty();
    }

    @Test
    void an_inquiry_for_an_unknown_token_is_forbidden_as_if_its_own_token_were_bad() throws Exception {
        String inquiry = "{\"access_token\":\"unknown\"}";
        HttpResponse<byte[]> response = client.call("/api/v1/transaction/inquire/", token, inquiry);
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(text(response)).contains("specified access_token could not be found");
        assertThat(sandbox.tokens().used()).isEqualTo(1);
        assertThat(sandbox.tokens().refused()).isZero();
        HttpResponse<byte[]> known =
                client.call("/api/v1/transaction/inquire/", token, inquiry.replace("unknown", token));
        assertThat(known.statusCode()).isEqualTo(200);
    }

    @Test
    void a_call_without_a_bearer_token_is_unauthorized() throws Exception {
        HttpResponse<byte[]> response = client.send(client.request(OCR)
                .header("Content-Type", "application/json")
                .header("Authorization", "Basic Zm9v")
                .POST(BodyPublishers.ofString(OCR_BODY)));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(text(response)).isEqualTo("{\"detail\":\"Authentication credentials were not provided.\"}");
        assertThat(header(response, "WWW-Authenticate")).isEqualTo("Bearer");
    }

    @Test
    void another_method_is_not_allowed() throws Exception {
        HttpResponse<byte[]> response = client.send(
                client.request(OCR).header("Authorization", "Bearer " + token).GET());
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(text(response)).isEqualTo("{\"detail\":\"Method \\\"GET\\\" not allowed.\"}");
        assertThat(header(response, "Allow")).isEqualTo("POST");
    }

    @Test
    void a_head_request_gets_no_body() throws Exception {
        HttpResponse<byte[]> response = client.send(
                client.request(OCR).header("Authorization", "bearer " + token).method("HEAD", BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.body()).isEmpty();
        assertThat(client.ocr(token).statusCode()).isEqualTo(200);
    }

    @Test
    void another_media_type_is_not_supported() throws Exception {
        HttpResponse<byte[]> response = client.send(client.request(OCR)
                .header("Content-Type", "text/plain")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(OCR_BODY)));
        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(text(response)).isEqualTo("{\"message\":\"Unsupported Media Type\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/v1.5/ocr", "//api/v1.5/ocr/", "/api/v1.5/%6Fcr/", "/admin/"})
    void an_unknown_path_is_not_found_and_takes_no_use(String path) throws Exception {
        HttpResponse<byte[]> response = client.send(client.request("/")
                .uri(URI.create(sandbox.uri() + path))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(text(response)).isEqualTo("{\"message\":\"Not Found\"}");
        assertThat(sandbox.tokens().used()).isZero();
    }

    @Test
    void a_query_does_not_hide_the_path() throws Exception {
        assertThat(client.call(OCR + "?a=%2F", token, OCR_BODY).statusCode()).isEqualTo(200);
    }

    private static void assertSignedSuccess(HttpResponse<byte[]> response) {
        assertThat(response.statusCode())
                .as(text(response).lines().findFirst().orElse(""))
                .isEqualTo(200);
        assertThat(HmacSigner.verify(SandboxSettings.DEMO_HMAC_KEY, response.body(), header(response, "hmac")))
                .isTrue();
    }
}
