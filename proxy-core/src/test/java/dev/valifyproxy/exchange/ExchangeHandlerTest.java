package dev.valifyproxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.worker.HeldWorker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExchangeHandlerTest {

    @Test
    void the_body_of_a_call_that_cannot_begin_is_given_back() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(new ExchangeHandler(new HeldWorker(channel).worker(), () -> {
            throw new IllegalStateException("a bug");
        }));
        ByteBuf body = channel.alloc().buffer().writeZero(10);
        channel.writeInbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/", body));
        assertThat(body.refCnt()).isZero();
        assertThat(channel.isOpen()).isFalse();
    }
}
