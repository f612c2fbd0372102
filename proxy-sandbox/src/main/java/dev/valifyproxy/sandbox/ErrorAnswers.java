package dev.valifyproxy.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Map;

/** Valify's error answers, and those of the Django framework behind it, with the dash as the faults want it. */
final class ErrorAnswers {
    private static final String NOT_PROVIDED = "Authentication credentials were not provided.";
    private static final Map<Integer, String> BUSINESS_ERRORS = Map.of(
            5001, "Bundle is exhausted",
            5009, "Document could not be recognized",
            5015, "Unclear document image",
            5039, "Glare or shadow detected on the document",
            5048, "Document is expired");

    private final Faults faults;

    ErrorAnswers(Faults faults) {
        this.faults = faults;
    }

    Answer badRequest(String why) {
        return message(400, "Bad Request", why);
    }

    Answer bundleKeyInvalid() {
        return message(401, "Unauthorized", "your Bundle key is invalid");
    }

    /** The 403 of a token that cannot be found, in Valify's form. */
    Answer tokenNotFound() {
        return message(403, "Forbidden", "specified access_token could not be found");
    }

    /** The refusal of the token that the call itself came with, in the form chosen. */
    Answer tokenRefused() {
        return switch (faults.refusal()) {
            case FORBIDDEN -> tokenNotFound();
            case INVALID_TOKEN ->
                detail(401, "Invalid token.").with(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
        };
    }

    Answer tokenMissing() {
        return detail(401, NOT_PROVIDED).with(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    }

    Answer notFound() {
        return Answer.json(404, "{\"message\":\"Not Found\"}");
    }

    Answer methodNotAllowed(String method) {
        return detail(405, "Method \"" + method + "\" not allowed.").with(HttpHeaderNames.ALLOW, "POST");
    }

    Answer tooLarge() {
        return Answer.json(413, "{\"message\":\"Request Entity Too Large\"}");
    }

    Answer unsupportedMediaType() {
        return Answer.json(415, "{\"message\":\"Unsupported Media Type\"}");
    }

    Answer businessError(int code, String transactionId, int trialsRemaining) {
        return Answer.json(
                422,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("message", BUSINESS_ERRORS.getOrDefault(code, "Unprocessable Entity"))
                        .put("error_code", code)
                        .put("transaction_id", transactionId)
                        .put("trials_remaining", trialsRemaining));
    }

    /** Written as text, since a JSON library would not leave the dash to us; neither part may need escaping. */
    private Answer message(int status, String reason, String why) {
        return Answer.json(
                status, "{\"message\":\"" + reason + " " + faults.nextDash().json() + " " + why + "\"}");
    }

    private static Answer detail(int status, String text) {
        return Answer.json(status, JsonNodeFactory.instance.objectNode().put("detail", text));
    }
}
