package dev.valifyproxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * What many handlers ask of the messages that pass. Here, and wherever a message on its way is asked for its kind, it is asked for
 * Netty's classes, of which all are made, and not for its interfaces: to find an interface among a class's the JVM before Java 23 walks
 * through them, unless it was asked for the same one last (JDK-8180450), and a call has a hundred such questions. Pure.
 */
public final class MessageKinds {

    private MessageKinds() {}

    /** Whether a message ends with it. */
    public static boolean isLast(Object msg) {
        return msg == LastHttpContent.EMPTY_LAST_CONTENT
                || msg instanceof DefaultFullHttpRequest
                || msg instanceof DefaultFullHttpResponse
                || msg instanceof DefaultLastHttpContent;
    }

    /** The bytes in it; not of a head that has none. */
    public static ByteBuf content(Object msg) {
        if (msg instanceof DefaultHttpContent part) {
            return part.content();
        }
        if (msg instanceof DefaultFullHttpResponse whole) {
            return whole.content();
        }
        return msg instanceof DefaultFullHttpRequest whole ? whole.content() : Unpooled.EMPTY_BUFFER;
    }

    /** Whether it is an interim answer (RFC 9110 §15.2), behind which the final one is still to come. */
    public static boolean isInterim(Object msg) {
        return msg instanceof DefaultHttpResponse head && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
}
