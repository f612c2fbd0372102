package dev.valifyproxy.server.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.util.function.Supplier;

/** One probe: 200 when well, 503 when not, and why in JSON. */
final class HealthEndpoint implements Endpoint {

    private static final JsonFactory JSON = new JsonFactory();

    /** How one probe puts its answer. */
    @FunctionalInterface
    private interface Wording {
        void write(Health health, JsonGenerator json) throws IOException;
    }

    private final Supplier<Health> health;
    private final Wording wording;

    private HealthEndpoint(Supplier<Health> health, Wording wording) {
        this.health = health;
        this.wording = wording;
    }

    /** Whether the process still does anything: when not, only a restart helps. */
    static HealthEndpoint live(Supplier<Health> health) {
        return new HealthEndpoint(health, (now, json) -> {
            json.writeStringField("status", now.ok() ? "live" : "stuck");
            if (!now.ok()) {
                json.writeStringField("reason", now.reason());
            }
        });
    }

    /** Whether calls should be sent here. */
    static HealthEndpoint ready(Supplier<Health> health) {
        return new HealthEndpoint(health, (now, json) -> {
            json.writeBooleanField("ready", now.ok());
            json.writeStringField("reason", now.reason());
        });
    }

    @Override
    public FullHttpResponse get(HttpHeaders request) throws IOException {
        Health now = health.get();
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            wording.write(now, json);
            json.writeEndObject();
        }
        HttpResponseStatus status = now.ok() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
        return Endpoint.answer(status, "application/json", text + "\n");
    }
}
