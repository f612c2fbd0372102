package dev.valifyproxy.sandbox;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Date;
import java.util.zip.GZIPOutputStream;

/** An answer in the form it takes on the wire for one request. Written once, on the connection's event loop. */
final class Response {
    /** As a server in front does it: what is small is sent as it is, save the refusal of a token. */
    private static final int GZIP_FROM_BYTES = 1024;

    /** Compressing megabytes would hold the event loop for too long. */
    private static final int GZIP_TO_BYTES = 1024 * 1024;

    private static final int FORBIDDEN = 403;

    private final HttpRequest request;
    private final Answer answer;
    private final Fault.Shaped shape;
    private final boolean announcesClose;
    private final boolean gzip;
    private final byte[] body;

    Response(HttpRequest request, Answer answer, Fault.Shaped shape) {
        this.request = request;
        this.answer = answer;
        this.shape = shape;
        announcesClose = !HttpUtil.isKeepAlive(request)
                || shape.ending() == Fault.Ending.ANNOUNCED_CLOSE
                || answer.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
        gzip = isWorthCompressing()
                && request.headers().containsValue(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.GZIP, true);
        body = gzip ? gzipped(answer.body()) : answer.body();
    }

    boolean endsConnection() {
        return announcesClose || shape.ending() == Fault.Ending.SILENT_CLOSE;
    }

    ChannelFuture write(Channel channel) {
        writeInterim(channel);
        if (isChunked()) {
            channel.write(head());
            channel.write(part(0, body.length / 2));
            channel.write(part(body.length / 2, body.length));
            return channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        ByteBuf content = Unpooled.wrappedBuffer(body);
        HttpResponse whole = new DefaultFullHttpResponse(request.protocolVersion(), status(), content);
        fill(whole.headers());
        return channel.writeAndFlush(whole);
    }

    /** Writes all up to the middle of the body. */
    ChannelFuture writeHalf(Channel channel) {
        writeInterim(channel);
        channel.write(head());
        return channel.writeAndFlush(part(0, body.length / 2));
    }

    private void writeInterim(Channel channel) {
        if (isHttp10()) {
            return;
        }
        for (int interim : shape.interim()) {
            channel.writeAndFlush(
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(interim)));
        }
    }

    private HttpResponse head() {
        HttpResponse head = new DefaultHttpResponse(request.protocolVersion(), status());
        fill(head.headers());
        return head;
    }

    private void fill(HttpHeaders headers) {
        headers.set(HttpHeaderNames.SERVER, "nginx")
                .set(HttpHeaderNames.DATE, DateFormatter.format(Date.from(Instant.now())));
        headers.add(answer.headers());
        if (isWorthCompressing()) {
            headers.add(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
        }
        if (gzip) {
            headers.set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
        }
        if (isChunked()) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        HttpUtil.setKeepAlive(headers, request.protocolVersion(), !announcesClose);
    }

    private HttpResponseStatus status() {
        return HttpResponseStatus.valueOf(answer.status());
    }

    private DefaultHttpContent part(int from, int to) {
        return new DefaultHttpContent(Unpooled.wrappedBuffer(body, from, to - from));
    }

    private boolean isChunked() {
        return shape.chunked() && !isHttp10();
    }

    private boolean isHttp10() {
        return request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    private boolean isWorthCompressing() {
        int length = answer.body().length;
        return answer.status() == FORBIDDEN || (length >= GZIP_FROM_BYTES && length <= GZIP_TO_BYTES);
    }

    private static byte[] gzipped(byte[] plain) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(plain.length);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return compressed.toByteArray();
    }
}
