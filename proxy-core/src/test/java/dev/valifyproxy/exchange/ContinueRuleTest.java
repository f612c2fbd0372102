package dev.valifyproxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.worker.Deadline;
import dev.valifyproxy.worker.HeldWorker;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ContinueRuleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofMillis(50);

    private final HeldWorker held = new HeldWorker(new EmbeddedChannel());
    private int expired;
    private final Deadline patience = held.worker().deadlines().create(() -> expired++);

    private ContinueRule rule(boolean expects) {
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
        if (expects) {
            head.headers().set("Expect", "100-continue");
        }
        return new ContinueRule(head, patience);
    }

    private static HttpResponse interim(int status) {
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    }

    @Test
    void a_client_that_expects_it_waits_one_second_for_the_upstreams_100() {
        rule(true).headHandedOver();
        held.advance(PATIENCE.minusNanos(1));
        assertThat(expired).isZero();
        held.advance(TICK);
        assertThat(expired).isEqualTo(1);
    }

    @Test
    void a_client_that_does_not_expect_it_waits_for_none() {
        rule(false).headHandedOver();
        assertThat(patience.isSet()).isFalse();
    }

    @Test
    void the_upstreams_100_is_relayed_and_ends_the_wait() {
        ContinueRule rule = rule(true);
        rule.headHandedOver();
        assertThat(rule.isToBeRelayed(interim(100))).isTrue();
        assertThat(patience.isSet()).isFalse();
    }

    @Test
    void there_is_no_second_100_whoever_sent_the_first() {
        ContinueRule rule = rule(true);
        rule.headHandedOver();
        assertThat(rule.ownContinue().status()).isEqualTo(HttpResponseStatus.CONTINUE);
        assertThat(rule.isToBeRelayed(interim(100))).isFalse();

        ContinueRule relayed = rule(true);
        assertThat(relayed.isToBeRelayed(interim(100))).isTrue();
        assertThat(relayed.isToBeRelayed(interim(100))).isFalse();
    }

    @Test
    void a_head_that_goes_out_again_waits_for_no_second_100() {
        ContinueRule rule = rule(true);
        rule.isToBeRelayed(interim(100));
        rule.headHandedOver();
        assertThat(patience.isSet()).isFalse();
    }

    @Test
    void any_other_interim_answer_is_relayed_and_the_wait_goes_on() {
        ContinueRule rule = rule(true);
        rule.headHandedOver();
        assertThat(rule.isToBeRelayed(interim(103))).isTrue();
        assertThat(rule.isToBeRelayed(interim(103))).isTrue();
        assertThat(patience.isSet()).isTrue();
    }
}
