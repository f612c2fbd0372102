package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Writes answers (RFC 9112 §4). One per client channel, on its event loop. */
final class ResponseEncoder extends MessageEncoder {

    private boolean answersHead;

    /** Whether the next final answer is one to a HEAD: it ends with its head, whatever its fields say (RFC 9112 §6.3). */
    void answersHead(boolean toHead) {
        answersHead = toHead;
    }

    @Override
    boolean isBodiless(HttpMessage head) {
        HttpResponseStatus status = ((HttpResponse) head).status();
        return answersHead || ResponseFraming.isBodiless(status);
    }

    @Override
    int firstLineBound(HttpMessage head) {
        return StartLine.VERSION_LENGTH
                + 5
                + ((HttpResponse) head).status().reasonPhrase().length();
    }

    @Override
    void writeFirstLine(HttpMessage head, ByteBuf out) {
        HttpResponseStatus status = ((HttpResponse) head).status();
        StartLine.writeVersion(out);
        out.writeByte(HttpConstants.SP);
        ByteBufUtil.copy(status.codeAsText(), out);
        out.writeByte(HttpConstants.SP);
        ByteBufUtil.writeAscii(out, status.reasonPhrase());
    }
}
