package dev.valifyproxy.injection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.injection.RejectionRule.Sign;
import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.testing.TestConfig;
import dev.valifyproxy.token.LeaseReceiver;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.PoolListener;
import dev.valifyproxy.token.Shortage;
import dev.valifyproxy.token.TokenLease;
import dev.valifyproxy.token.TokenPool;
import dev.valifyproxy.token.VirtualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way on which a lease can end, on a channel without a socket and a pool whose clock and mints the test holds. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenInjectionHandlerTest {

    private static final String REFUSAL = "{\"message\":\"Forbidden - specified access_token could not be found\"}";

    private final VirtualTime time = new VirtualTime();
    private final Queue<CompletableFuture<MintOutcome>> mints = new ArrayDeque<>();
    private final List<Object> events = new ArrayList<>();
    private final TokenPool pool = new TokenPool(
            TestConfig.pool(3, Duration.ofSeconds(5), Duration.ofSeconds(8), Duration.ofSeconds(10), 0, 1, 16),
            this::mint,
            time,
            time,
            time,
            new Random(1),
            new PoolListener() {});
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private boolean socketFails;
    private int minted;

    TokenInjectionHandlerTest() {
        channel.pipeline()
                .addLast(new ChannelOutboundHandlerAdapter() {
                    @Override
                    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
                        if (socketFails) {
                            promise.setFailure(new IOException("the test says so"));
                        } else {
                            ctx.write(msg, promise);
                        }
                    }
                })
                .addLast(new TokenInjectionHandler(
                        pool,
                        new RejectionRules(new RejectionSettings(
                                List.of(new RejectionRule(
                                        List.of(403), Sign.BODY_CONTAINS, "access_token could not be found")),
                                List.of("/inquire/"))),
                        new UseScopes(new UseScopeSettings(List.of()))))
                .addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                        events.add(event);
                    }
                });
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private CompletableFuture<MintOutcome> mint() {
        CompletableFuture<MintOutcome> mint = new CompletableFuture<>();
        mints.add(mint);
        return mint;
    }

    private void issue() {
        mints.remove().complete(new MintOutcome.Minted(Secret.of("token-" + ++minted), Duration.ofMinutes(10)));
        channel.runPendingTasks();
    }

    /** Makes three uses ready, and draws two of them: so one that comes back or does not is seen in what is left. */
    private void withOneReadyUse() {
        pool.await(0, new LeaseReceiver() {
            @Override
            public void acquired(TokenLease lease) {
                lease.used();
            }

            @Override
            public void unavailable(Shortage shortage) {
                throw new AssertionError(shortage);
            }
        });
        issue();
        pool.tryAcquire(0).used();
    }

    private int ready() {
        return pool.stats().readyUses();
    }

    private static HttpRequest head() {
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/api/v1.5/ocr/");
        head.headers().add("authorization", "Bearer the-clients-own").add("Authorization", "Basic another");
        return head;
    }

    private ChannelFuture write(Object head) {
        ChannelFuture written = channel.writeAndFlush(head);
        channel.runPendingTasks();
        return written;
    }

    private static HttpResponse answer(int status) {
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    }

    private HttpContent content(String text) {
        return new DefaultHttpContent(ByteBufUtil.writeUtf8(channel.alloc(), text));
    }

    private HttpContent last(String text) {
        return new DefaultLastHttpContent(ByteBufUtil.writeUtf8(channel.alloc(), text));
    }

    private String authorization() {
        HttpRequest sent = channel.readOutbound();
        assertThat(sent.headers().getAll("Authorization")).hasSize(1);
        return sent.headers().get("Authorization");
    }

    @Test
    void a_ready_use_goes_out_with_its_head_in_place_of_whatever_the_client_sent() {
        withOneReadyUse();
        assertThat(write(head()).isSuccess()).isTrue();
        assertThat(authorization()).isEqualTo("Bearer token-1");
        assertThat(ready()).isZero();
        assertThat(events).isEmpty();
    }

    @Test
    void without_a_ready_use_the_head_waits_and_so_does_the_writer() {
        ChannelFuture written = write(head());
        assertThat(channel.isWritable()).isFalse();
        assertThat(written.isDone()).isFalse();
        issue();
        assertThat(written.isSuccess()).isTrue();
        assertThat(channel.isWritable()).isTrue();
        assertThat(authorization()).isEqualTo("Bearer token-1");
        assertThat(events).hasSize(2).first().isEqualTo(TokenAwaited.TOKEN_AWAITED);
        assertThat(events).last().isInstanceOf(TokenWait.class);
    }

    @Test
    void a_head_for_which_no_token_comes_is_given_up_and_the_channel_is_as_it_was() {
        ChannelFuture written = write(head());
        time.advance(Duration.ofSeconds(8));
        channel.runPendingTasks();
        assertThat(events).containsExactly(TokenAwaited.TOKEN_AWAITED, new TokenUnavailable(Shortage.TIMED_OUT));
        assertThat(written.isCancelled()).isTrue();
        assertThat(channel.isWritable()).isTrue();
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.<Object>readOutbound()).isNull();
    }

    @Test
    void a_channel_that_ends_while_its_head_waits_leaves_the_line() {
        write(head());
        channel.close();
        channel.runPendingTasks();
        assertThat(pool.stats().waiters()).isZero();
        issue();
        assertThat(ready()).isEqualTo(3);
    }

    @Test
    void a_use_that_was_on_its_way_when_the_channel_ended_goes_back() {
        write(head());
        mints.remove().complete(new MintOutcome.Minted(Secret.of("late"), Duration.ofMinutes(10)));
        channel.pipeline().close();
        channel.runPendingTasks();
        assertThat(ready()).isEqualTo(3);
        assertThat(channel.<Object>readOutbound()).isNull();
    }

    @Test
    void a_use_whose_head_the_socket_did_not_take_goes_back() {
        withOneReadyUse();
        socketFails = true;
        assertThat(write(head()).isSuccess()).isFalse();
        assertThat(ready()).isEqualTo(1);
        channel.close();
        assertThat(ready()).isEqualTo(1);
    }

    @Test
    void a_use_whose_head_went_out_without_an_answer_is_spent() {
        withOneReadyUse();
        write(head());
        channel.close();
        assertThat(ready()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 302, 400, 404, 422, 500, 502})
    void an_answer_passes_at_once_and_ends_the_lease(int status) {
        withOneReadyUse();
        write(head());
        HttpResponse answer = answer(status);
        channel.writeInbound(answer);
        assertThat(channel.<Object>readInbound()).isSameAs(answer);
        channel.close();
        assertThat(ready()).isZero();
    }

    @Test
    void a_head_that_waited_and_went_out_without_an_answer_is_spent() {
        write(head());
        issue();
        assertThat(authorization()).isEqualTo("Bearer token-1");

        channel.close();

        assertThat(ready()).isEqualTo(2);
    }

    @Test
    void an_interim_answer_passes_and_leaves_the_lease_open() {
        withOneReadyUse();
        write(head());
        channel.writeInbound(answer(100));
        assertThat(channel.<HttpResponse>readInbound().status().code()).isEqualTo(100);
        channel.writeInbound(answer(403), last(REFUSAL));
        assertThat(channel.<Object>readInbound()).isInstanceOfSatisfying(TokenRejected.class, TokenRejected::release);
    }

    @Test
    void a_malformed_answer_passes_unjudged() {
        withOneReadyUse();
        write(head());
        HttpResponse malformed = answer(403);
        malformed.setDecoderResult(DecoderResult.failure(new IOException("the test says so")));
        channel.writeInbound(malformed);
        assertThat(channel.<Object>readInbound()).isSameAs(malformed);
    }

    @Test
    void a_refusal_comes_as_one_value_that_holds_the_whole_answer() {
        withOneReadyUse();
        write(head());
        HttpResponse answer = answer(403);
        channel.writeInbound(answer, content(REFUSAL.substring(0, 20)));
        assertThat(channel.<Object>readInbound()).isNull();
        channel.writeInbound(last(REFUSAL.substring(20)));
        TokenRejected rejected = channel.readInbound();
        assertThat(rejected.head()).isSameAs(answer);
        assertThat(rejected.body()).hasSize(2);
        assertThat(channel.<Object>readInbound()).isNull();
        rejected.release();
    }

    @Test
    void a_403_that_is_no_refusal_passes_whole_and_in_order() {
        withOneReadyUse();
        write(head());
        HttpResponse answer = answer(403);
        HttpContent first = content("{\"message\":");
        HttpContent last = last("\"not yours\"}");
        channel.writeInbound(answer, first, last);
        assertThat(channel.inboundMessages()).containsExactly(answer, first, last);
    }

    @Test
    void a_403_longer_than_any_refusal_passes_as_soon_as_that_is_seen() {
        withOneReadyUse();
        write(head());
        channel.writeInbound(answer(403), content("x".repeat(RejectionRules.MAX_PEEK)));
        assertThat(channel.inboundMessages()).isEmpty();
        channel.writeInbound(content("x"));
        assertThat(channel.inboundMessages()).hasSize(3);
        channel.writeInbound(last(REFUSAL));
        assertThat(channel.inboundMessages()).hasSize(4);
    }

    @Test
    void a_refusal_as_long_as_is_looked_at_is_seen() {
        withOneReadyUse();
        write(head());
        String padding = " ".repeat(RejectionRules.MAX_PEEK - REFUSAL.length());
        channel.writeInbound(answer(403), last(REFUSAL + padding));
        assertThat(channel.<Object>readInbound()).isInstanceOfSatisfying(TokenRejected.class, TokenRejected::release);
    }

    @Test
    void of_a_403_that_is_held_back_is_told_that_an_answer_has_begun() {
        withOneReadyUse();
        write(head());
        channel.writeInbound(answer(403));
        assertThat(channel.<Object>readInbound()).isNull();
        assertThat(events).containsExactly(ConnectionEvent.ANSWER_BYTES);
    }

    @Test
    void a_channel_that_ends_in_the_middle_of_a_403_lets_go_of_what_was_held_back() {
        withOneReadyUse();
        write(head());
        HttpContent held = content(REFUSAL);
        channel.writeInbound(answer(403), held);
        channel.close();
        assertThat(held.refCnt()).isZero();
        assertThat(ready()).isZero();
    }

    @Test
    void a_second_try_waits_for_a_token_minted_since_and_its_answer_is_final() {
        withOneReadyUse();
        write(head());
        authorization();
        channel.writeInbound(answer(403), last(REFUSAL));
        TokenRejected rejected = channel.readInbound();
        rejected.release();

        write(new SecondTry(head(), rejected.lease()));
        assertThat(channel.<Object>readOutbound()).isNull();
        issue();
        assertThat(authorization()).isEqualTo("Bearer token-2");
        HttpResponse again = answer(403);
        channel.writeInbound(again);
        assertThat(channel.<Object>readInbound()).isSameAs(again);
        channel.writeInbound(last(REFUSAL));
        channel.<HttpContent>readInbound().release();
        assertThat(ready()).isEqualTo(2);
    }

    @Test
    void the_first_try_after_a_second_one_on_the_same_channel_is_judged_again() {
        a_second_try_waits_for_a_token_minted_since_and_its_answer_is_final();
        write(head());
        channel.writeInbound(answer(403), last(REFUSAL));
        assertThat(channel.<Object>readInbound()).isInstanceOfSatisfying(TokenRejected.class, TokenRejected::release);
    }

    @Test
    void a_body_passes_untouched() {
        withOneReadyUse();
        write(head());
        authorization();
        HttpContent body = content("hello");
        write(body);
        assertThat(channel.<Object>readOutbound()).isSameAs(body);
        ByteBuf bytes = body.content();
        body.release();
        assertThat(bytes.refCnt()).isZero();
    }
}
