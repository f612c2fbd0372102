package dev.valifyproxy.http1;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Netty's decoder, asked whether bytes came: a read may bring none, and a head's first bytes make no message yet. */
final class RequestDecoder extends HttpRequestDecoder {

    private boolean bytesCame;

    RequestDecoder(HttpDecoderConfig config) {
        super(config);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        bytesCame = true;
        super.channelRead(ctx, msg);
    }

    /** Whether any came since this was last asked. */
    boolean takeBytesCame() {
        boolean came = bytesCame;
        bytesCame = false;
        return came;
    }
}
