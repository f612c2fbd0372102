package dev.valifyproxy.token;

import dev.valifyproxy.secret.Secret;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An issuer whose answers a test gives: each by hand, or all by themselves after a latency. */
final class FakeIssuer implements TokenSource {

    private final VirtualTime time;
    private final Deque<CompletableFuture<MintOutcome>> open = new ArrayDeque<>();
    private Duration lifetime = Duration.ofMinutes(10);
    private @Nullable Duration latency;
    private Supplier<MintOutcome> answer = this::token;
    private int asked;
    private int issued;

    FakeIssuer(VirtualTime time) {
        this.time = time;
    }

    @Override
    public CompletionStage<MintOutcome> mint() {
        asked++;
        CompletableFuture<MintOutcome> mint = new CompletableFuture<>();
        open.add(mint);
        if (latency != null) {
            time.schedule(() -> close(mint), latency.toNanos(), TimeUnit.NANOSECONDS);
        }
        return mint;
    }

    /** From now on each mint is answered after this time, by a token unless told otherwise. */
    void answersAfter(Duration after) {
        latency = after;
    }

    void answersWith(Supplier<MintOutcome> outcome) {
        answer = outcome;
    }

    /** How long the tokens live that are issued from now on. */
    void lifetime(Duration howLong) {
        lifetime = howLong;
    }

    int asked() {
        return asked;
    }

    int open() {
        return open.size();
    }

    /** Answers the oldest open mint with a token. */
    void issue() {
        answer(token());
    }

    /** Answers so many open mints with a token each. */
    void issue(int mints) {
        for (int mint = 0; mint < mints; mint++) {
            issue();
        }
    }

    void fail(MintOutcome.Kind kind) {
        answer(MintOutcome.Failed.of(kind, "as the test wants it"));
    }

    void answer(@Nullable MintOutcome outcome) {
        open.remove().complete(outcome);
    }

    void breakWith(Throwable bug) {
        open.remove().completeExceptionally(bug);
    }

    private void close(CompletableFuture<MintOutcome> mint) {
        if (open.removeIf(each -> each == mint)) {
            mint.complete(answer.get());
        }
    }

    private MintOutcome token() {
        return new MintOutcome.Minted(Secret.of("token-" + issued++), lifetime);
    }
}
