package dev.valifyproxy.server.admin;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;

/** All meters, in the format the scraper prefers. */
final class MetricsEndpoint implements Endpoint {

    private final PrometheusMeterRegistry registry;

    MetricsEndpoint(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public FullHttpResponse get(HttpHeaders request) {
        ExpositionFormat format = ExpositionFormat.preferred(request.getAll(HttpHeaderNames.ACCEPT));
        String contentType = format.contentType();
        FullHttpResponse answer = Endpoint.answer(HttpResponseStatus.OK, contentType, registry.scrape(contentType));
        answer.headers().set(HttpHeaderNames.VARY, "Accept, Accept-Encoding");
        return answer;
    }
}
