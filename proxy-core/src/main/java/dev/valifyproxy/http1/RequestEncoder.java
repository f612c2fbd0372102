package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;

/** Writes requests (RFC 9112 §3). One per upstream channel, on its event loop. */
final class RequestEncoder extends MessageEncoder {

    @Override
    boolean isBodiless(HttpMessage head) {
        return false;
    }

    @Override
    int firstLineBound(HttpMessage head) {
        HttpRequest request = (HttpRequest) head;
        return request.method().name().length() + request.uri().length() + StartLine.VERSION_LENGTH + 2;
    }

    @Override
    void writeFirstLine(HttpMessage head, ByteBuf out) {
        HttpRequest request = (HttpRequest) head;
        ByteBufUtil.copy(request.method().asciiName(), out);
        out.writeByte(HttpConstants.SP);
        ByteBufUtil.writeAscii(out, request.uri());
        out.writeByte(HttpConstants.SP);
        StartLine.writeVersion(out);
    }
}
