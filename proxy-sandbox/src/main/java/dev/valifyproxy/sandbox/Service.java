package dev.valifyproxy.sandbox;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The services: where each is found, what it cannot do without, and the form of its success. */
enum Service {
    OCR(Form.RESULT, List.of(Need.BUNDLE_KEY, Need.DOCUMENT_TYPE, Need.IMAGE), "/api/v1.5/ocr/", "/api/v1/ocr/"),
    OCR_EGP_NID(Form.RESULT, List.of(Need.BUNDLE_KEY, Need.IMAGE), "/api/v1/ocr/egp_nid_ocr/"),
    FACE_MATCH(Form.RESULT, List.of(Need.BUNDLE_KEY, Need.TWO_FACES), "/api/v1/face/match/", "/api/v1.1/face/match/"),
    TRANSLITERATION(Form.RESULT, List.of(Need.BUNDLE_KEY), "/api/v1/transliterate/egy-nid/"),
    SANCTION_SHIELD(
            Form.RESULT,
            List.of(Need.BUNDLE_KEY),
            "/api/v2.1/sanction-shield/search/",
            "/api/v2/sanction-shield/search/"),
    OTP_SEND(Form.SENT, List.of(Need.BUNDLE_KEY, Need.PHONE_NUMBER), "/api/v1/otp/send/"),
    OTP_VERIFY(Form.VERIFIED, List.of(Need.BUNDLE_KEY, Need.TRANSACTION, Need.OTP), "/api/v1/otp/verify/"),
    OTP_EMAIL_SEND(Form.SENT, List.of(Need.BUNDLE_KEY, Need.EMAIL), "/api/v1/otp/email/send/"),
    OTP_EMAIL_VERIFY(Form.VERIFIED, List.of(Need.BUNDLE_KEY, Need.TRANSACTION, Need.OTP), "/api/v1/otp/email/verify/"),
    INQUIRY(Form.ENCRYPTED, List.of(Need.SUBJECT), "/api/v1/transaction/inquire/", "/api/v1/transaction/inquiry/"),
    FETCH_IMAGES(Form.ENCRYPTED, List.of(Need.TRANSACTION), "/api/v1/transaction/fetch-images/"),
    FRA_NTRA(Form.RESULT, List.of(), "/api/v1/fra/ntra/"),
    FRA_CSO(Form.RESULT, List.of(), "/api/v1.1/fra/cso/");

    private static final Map<String, Service> BY_PATH = byPath();

    private final Form form;
    private final List<Need> needs;
    private final List<String> paths;

    Service(Form form, List<Need> needs, String... paths) {
        this.form = form;
        this.needs = needs;
        this.paths = List.of(paths);
    }

    /** The service at exactly this path; null when there is none. */
    static @Nullable Service at(String path) {
        return BY_PATH.get(path);
    }

    Form form() {
        return form;
    }

    /** The name under which uses are counted when they are counted by service. */
    String countedAs() {
        return this == OCR_EGP_NID ? OCR.name() : name();
    }

    /** The first parameter this service needs and the body lacks; null when it is complete. */
    @Nullable
    String missing(CallBody body) {
        for (Need need : needs) {
            if (!need.met.test(body)) {
                return need.parameter;
            }
        }
        return null;
    }

    private static Map<String, Service> byPath() {
        Map<String, Service> services = new HashMap<>();
        for (Service service : values()) {
            service.paths.forEach(path -> services.put(path, service));
        }
        return services;
    }

    /** The form of a success. */
    enum Form {
        /** {@code result}, {@code transaction_id} as a string, {@code trials_remaining}. */
        RESULT,
        /** {@code transaction_id} as a number, {@code trials_remaining}. */
        SENT,
        /** {@code verified} alone. */
        VERIFIED,
        /** {@code key} and {@code data}, large. */
        ENCRYPTED
    }

    private enum Need {
        BUNDLE_KEY("bundle_key"),
        DOCUMENT_TYPE("document_type"),
        PHONE_NUMBER("phone_number"),
        EMAIL("email"),
        OTP("otp"),
        TRANSACTION("transaction_id"),
        IMAGE("front_img", body -> body.images() > 0),
        TWO_FACES("second_img", body -> body.images() > (body.has("transaction_id") ? 0 : 1)),
        SUBJECT("transaction_id", body -> body.has("transaction_id") || body.has("access_token"));

        private final String parameter;
        private final Predicate<CallBody> met;

        Need(String parameter) {
            this(parameter, body -> body.has(parameter));
        }

        Need(String parameter, Predicate<CallBody> met) {
            this.parameter = parameter;
            this.met = met;
        }
    }
}
