package dev.valifyproxy.server.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.valifyproxy.StatusReport;
import dev.valifyproxy.StatusReport.ProfileStatus;
import dev.valifyproxy.Version;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.PoolStats;
import dev.valifyproxy.upstream.UpstreamStats;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The program's state as JSON, for people and scripts: always 200, since the probes judge it and this only tells. */
final class StatusEndpoint implements Endpoint {

    private static final JsonFactory JSON = new JsonFactory();

    private final String version = Version.current();
    private final Supplier<Status> status;

    StatusEndpoint(Supplier<Status> status) {
        this.status = status;
    }

    @Override
    public FullHttpResponse get(HttpHeaders request) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(status.get(), json);
        }
        return Endpoint.answer(HttpResponseStatus.OK, "application/json", text + "\n");
    }

    private void write(Status now, JsonGenerator json) throws IOException {
        StatusReport report = now.report();
        json.writeStartObject();
        json.writeStringField("name", "valify-proxy");
        json.writeStringField("version", version);
        json.writeNumberField("uptime_seconds", now.uptime().toSeconds());
        json.writeStringField("transport", now.transport());
        json.writeBooleanField("ready", now.readiness().ok());
        json.writeStringField("reason", now.readiness().reason());
        json.writeNumberField("calls_in_progress", report.callsInProgress());
        json.writeNumberField("client_connections", report.clientConnections());
        json.writeNumberField("replay_memory_bytes", report.replayMemory());
        json.writeObjectFieldStart("profiles");
        for (ProfileStatus profile : report.profiles()) {
            json.writeObjectFieldStart(profile.name());
            writeTokens(profile.pool(), json);
            writeUpstream(profile.baseUrl(), profile.upstream(), json);
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeTokens(PoolStats pool, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("tokens");
        json.writeStringField("state", word(pool.state()));
        json.writeBooleanField("proven", pool.proven());
        json.writeNumberField("uses_per_token", pool.usesPerToken());
        json.writeNumberField("ready_uses", pool.readyUses());
        json.writeNumberField("uses_taken", pool.usesTaken());
        json.writeNumberField("mints_in_flight", pool.mintsInFlight());
        json.writeNumberField("waiters", pool.waiters());
        json.writeStringField(
                "limit", pool.limit() == null ? null : pool.limit().key());
        writeFailure(pool.lastFailure(), json);
        json.writeEndObject();
    }

    private static void writeFailure(MintOutcome.@Nullable Failed failure, JsonGenerator json) throws IOException {
        if (failure == null) {
            json.writeNullField("last_failure");
            return;
        }
        json.writeObjectFieldStart("last_failure");
        json.writeStringField("kind", word(failure.kind()));
        json.writeStringField("reason", failure.reason());
        json.writeEndObject();
    }

    private static void writeUpstream(URI url, UpstreamStats stats, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("upstream");
        json.writeStringField("url", url.toString());
        json.writeNumberField("connections", stats.open());
        json.writeNumberField("idle_connections", stats.idle());
        json.writeNumberField("connections_opened", stats.opened());
        json.writeNumberField("connect_failures", stats.failed());
        json.writeNumberField("egress_proxy_failures", stats.failedAtEgressProxy());
        json.writeEndObject();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
