package dev.valifyproxy.bench.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The head of a call as an app's HTTP client sends it: nine fields, and a body of two bytes. */
final class Head {

    private static final byte[] BYTES = String.join(
                    "\r\n",
                    "POST /api/v1.5/ocr/ HTTP/1.1",
                    "Host: proxy.bank.example:8080",
                    "User-Agent: okhttp/4.12.0",
                    "Accept: application/json",
                    "Accept-Encoding: gzip",
                    "Accept-Language: en",
                    "Content-Type: application/json; charset=utf-8",
                    "X-Valify-reference-userid: 7f1c9e52-7a0b-4c1e-9d0e-0e6a2b1c9f11",
                    "Connection: Keep-Alive",
                    "Content-Length: 2",
                    "",
                    "{}")
            .getBytes(US_ASCII);

    private Head() {}

    /** A fresh buffer of it; nothing is copied. */
    static ByteBuf bytes() {
        return Unpooled.wrappedBuffer(BYTES);
    }
}
