package dev.valifyproxy.http1;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;

/** Netty's decoder, told whether it reads the answer to a HEAD, and asked whether bytes are left behind an answer. */
final class ResponseDecoder extends HttpResponseDecoder {

    private boolean answersHead;

    ResponseDecoder(HttpDecoderConfig config) {
        super(config);
    }

    /** Of the next final answer. */
    void answersHead(boolean toHead) {
        answersHead = toHead;
    }

    /** Whether bytes came that belong to no answer decoded so far. */
    boolean hasUndecodedBytes() {
        return actualReadableBytes() > 0;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage msg) {
        return super.isContentAlwaysEmpty(msg)
                || (answersHead
                        && msg instanceof HttpResponse head
                        && head.status().codeClass() != HttpStatusClass.INFORMATIONAL);
    }
}
