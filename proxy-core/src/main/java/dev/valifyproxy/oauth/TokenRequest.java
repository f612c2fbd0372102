package dev.valifyproxy.oauth;

import dev.valifyproxy.secret.Secret;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.asynchttpclient.Request;
import org.asynchttpclient.RequestBuilder;
import org.asynchttpclient.uri.Uri;

/** What is sent for a token: the password grant (RFC 6749 §4.3.2), the client's credentials in the form. Pure. */
final class TokenRequest {

    private TokenRequest() {}

    /** The request; it may be sent any number of times. */
    static Request of(URI tokenUrl, Credentials credentials) {
        return new RequestBuilder("POST", true)
                .setUri(Uri.create(tokenUrl.toASCIIString()))
                .setHeader("Accept", "application/json")
                .setHeader("Content-Type", "application/x-www-form-urlencoded")
                .setBody(form(credentials).getBytes(StandardCharsets.US_ASCII))
                .build();
    }

    /** The body, {@code application/x-www-form-urlencoded} in UTF-8 (RFC 6749 appendix B). */
    static String form(Credentials credentials) {
        return "grant_type=password"
                + field("username", credentials.username())
                + field("password", credentials.password())
                + field("client_id", credentials.clientId())
                + field("client_secret", credentials.clientSecret());
    }

    private static String field(String name, Secret value) {
        return "&" + name + "=" + URLEncoder.encode(value.reveal(), StandardCharsets.UTF_8);
    }
}
