package dev.valifyproxy.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Reads an upstream's {@code /stats}. Blocks. */
final class LedgerClient {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpRequest request;

    /** Of the upstream at this base URL. */
    LedgerClient(URI upstream) {
        request = HttpRequest.newBuilder(upstream.resolve("/stats"))
                .timeout(PATIENCE)
                .build();
    }

    /** The counts now. */
    Ledger.Counts read() throws IOException, InterruptedException {
        JsonNode answer = new ObjectMapper()
                .readTree(http.send(request, BodyHandlers.ofString()).body());
        return new Ledger.Counts(
                answer.required("minted").longValue(),
                answer.required("accepted").longValue(),
                answer.required("refused").longValue());
    }
}
