package dev.valifyproxy.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** A client library as it comes, its pool of connections and its own repetitions with it. */
public interface JavaClient extends Closeable {

    /** No answer, or not the whole of one. */
    int BROKEN = -1;

    /** Those there are. */
    enum Kind {
        OK_HTTP(OkHttp::new),
        HTTP_URL_CONNECTION(UrlConnection::new),
        JAVA_HTTP_CLIENT(JdkClient::new);

        private final Supplier<JavaClient> make;

        Kind(Supplier<JavaClient> make) {
            this.make = make;
        }

        public JavaClient open() {
            return make.get();
        }
    }

    /** Posts a body that it could send again, and reads the answer to its end; its status, or {@link #BROKEN}. */
    int post(URI uri, byte[] body, Runnable onHead);

    @Override
    default void close() throws IOException {}

    /** Android's. */
    final class OkHttp implements JavaClient {

        private final OkHttpClient client = new OkHttpClient();

        @Override
        public int post(URI uri, byte[] body, Runnable onHead) {
            Request request = new Request.Builder()
                    .url(uri.toString())
                    .post(RequestBody.create(body))
                    .build();
            try (Response response = client.newCall(request).execute()) {
                onHead.run();
                response.body().bytes();
                return response.code();
            } catch (IOException e) {
                return BROKEN;
            }
        }

        @Override
        public void close() {
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
        }
    }

    /** The JDK's first. */
    final class UrlConnection implements JavaClient {

        @Override
        public int post(URI uri, byte[] body, Runnable onHead) {
            try {
                HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
                connection.setRequestMethod("POST");
                connection.setDoOutput(true);
                connection.getOutputStream().write(body);
                int status = connection.getResponseCode();
                onHead.run();
                try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                    // It says nothing of an answer that is too short.
                    return in.readAllBytes().length < connection.getContentLength() ? BROKEN : status;
                }
            } catch (IOException e) {
                return BROKEN;
            }
        }
    }

    /** The JDK's second. */
    final class JdkClient implements JavaClient {

        private final HttpClient client = HttpClient.newHttpClient();

        @Override
        public int post(URI uri, byte[] body, Runnable onHead) {
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            try {
                HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
                onHead.run();
                try (InputStream in = response.body()) {
                    in.readAllBytes();
                }
                return response.statusCode();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return BROKEN;
            } catch (IOException e) {
                return BROKEN;
            }
        }
    }
}
