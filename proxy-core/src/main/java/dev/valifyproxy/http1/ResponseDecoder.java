package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import java.util.List;

/** Netty's decoder, told whether it reads the answer to a HEAD, and asked whether bytes are left behind an answer. */
final class ResponseDecoder extends HttpResponseDecoder {

    private boolean answersHead;
    private boolean headBegun;

    ResponseDecoder(HttpDecoderConfig config) {
        super(config);
    }

    /** Of the next final answer. */
    void answersHead(boolean toHead) {
        answersHead = toHead;
    }

    /** Whether bytes came that belong to no answer decoded so far, be it that some of the next one's head is taken already. */
    boolean hasUndecodedBytes() {
        return actualReadableBytes() > 0 || headBegun;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        super.decode(ctx, buffer, out);
        if (!out.isEmpty()) {
            headBegun = false;
        }
    }

    @Override
    protected HttpMessage createMessage(String[] words) {
        headBegun = true;
        return super.createMessage(words);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage msg) {
        return super.isContentAlwaysEmpty(msg)
                || (answersHead
                        && msg instanceof HttpResponse head
                        && head.status().codeClass() != HttpStatusClass.INFORMATIONAL);
    }
}
