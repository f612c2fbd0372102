package dev.valifyproxy.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Calls in a row, as an app would make them. Behind them, what a start and its first calls need has been loaded and compiled: that is what
 * an archive of classes is made from.
 */
final class Rehearsal {

    private static final List<String> PAGES = List.of("/health/live", "/health/ready", "/status.json", "/metrics");
    private static final int TIMEOUT_MILLIS = 20_000;

    private final URI proxy;
    private final URI admin;

    /** The admin port is looked for where the proxy listens. */
    Rehearsal(URI proxy, int adminPort) {
        this.proxy = proxy;
        this.admin = URI.create("http://" + proxy.getHost() + ":" + adminPort);
    }

    /** Posts this so many times; the first answer other than 200 is a failure. */
    void call(String path, String json, int times) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < times; i++) {
            HttpURLConnection call = open(proxy.resolve(path));
            call.setDoOutput(true);
            call.setRequestProperty("Content-Type", "application/json");
            try (OutputStream out = call.getOutputStream()) {
                out.write(body);
            }
            finish(call);
        }
    }

    void lookAtAdminPages() throws IOException {
        for (String page : PAGES) {
            finish(open(admin.resolve(page)));
        }
    }

    private static HttpURLConnection open(URI uri) throws IOException {
        HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
        call.setConnectTimeout(TIMEOUT_MILLIS);
        call.setReadTimeout(TIMEOUT_MILLIS);
        return call;
    }

    private static void finish(HttpURLConnection call) throws IOException {
        if (call.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException(call.getURL() + " answered " + call.getResponseCode());
        }
        try (InputStream answer = call.getInputStream()) {
            answer.transferTo(OutputStream.nullOutputStream()); // to its end, so that the connection is used again
        }
    }
}
