package dev.valifyproxy.sandbox;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request while it is read: its head, its fault, and its body in one heap buffer. Confined to its event loop. */
final class IncomingCall {
    /** Above Valify's largest bodies with ample room: a proxy's own limit must be what a test meets. */
    static final int MAX_BODY_BYTES = 40 * 1024 * 1024;

    private static final int MAX_FIRST_ALLOCATION = 1024 * 1024;
    private static final String BEARER = "Bearer ";

    private final HttpRequest head;
    private final String path;
    private final Call.Kind kind;
    private final @Nullable Fault fault;
    private final ByteBuf body;
    private boolean tokenRefused;

    IncomingCall(HttpRequest head, Faults faults, ByteBufAllocator allocator) {
        this.head = head;
        String uri = head.uri();
        int query = uri.indexOf('?');
        path = query < 0 ? uri : uri.substring(0, query);
        kind = path.equals(TokenEndpoint.PATH) ? Call.Kind.MINT : Call.Kind.SERVICE;
        fault = faults.of(kind).take();
        long announced = HttpUtil.getContentLength(head, 0L);
        body = allocator.heapBuffer((int) Math.min(announced, MAX_FIRST_ALLOCATION), MAX_BODY_BYTES);
    }

    HttpRequest head() {
        return head;
    }

    /** The request target up to its query, as received: nothing is decoded or made regular. */
    String path() {
        return path;
    }

    Call.Kind kind() {
        return kind;
    }

    @Nullable
    Fault fault() {
        return fault;
    }

    ByteBuf body() {
        return body;
    }

    /** Copies a part of the body; false when the body would become too large. */
    boolean add(ByteBuf part) {
        if (body.readableBytes() + part.readableBytes() > MAX_BODY_BYTES) {
            return false;
        }
        body.writeBytes(part);
        return true;
    }

    /** The value behind {@code Authorization: Bearer}; null without one. */
    @Nullable
    String bearerToken() {
        String authorization = head.headers().get(HttpHeaderNames.AUTHORIZATION);
        boolean bearer = authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
        return bearer ? authorization.substring(BEARER.length()).strip() : null;
    }

    /** Its token is not taken, or it has none: it is not performed. */
    void refuseToken() {
        tokenRefused = true;
    }

    boolean isTokenRefused() {
        return tokenRefused;
    }

    /** What is known of it; its body's hash only if wanted, since that takes its time. */
    Call asRecord(TokenLedger tokens, long connection, boolean hashed) {
        String token = bearerToken();
        List<Call.Header> headers = head.headers().entries().stream()
                .map(header -> header(header.getKey(), header.getValue()))
                .toList();
        return new Call(
                kind,
                head.method().name(),
                head.uri(),
                headers,
                body.readableBytes(),
                hashed && kind == Call.Kind.SERVICE ? sha256() : "",
                token == null ? null : tokens.idOf(token),
                tokenRefused,
                fault,
                connection);
    }

    void release() {
        body.release();
    }

    private Call.Header header(String name, String value) {
        boolean secret = kind == Call.Kind.MINT && HttpHeaderNames.AUTHORIZATION.contentEqualsIgnoreCase(name);
        return new Call.Header(name, secret ? "***" : value);
    }

    private String sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(body.array(), body.arrayOffset() + body.readerIndex(), body.readableBytes());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
