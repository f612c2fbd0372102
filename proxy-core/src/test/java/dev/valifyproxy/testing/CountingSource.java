package dev.valifyproxy.testing;

import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.TokenSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Mints token-1, token-2 and so on, at once; or whatever a test puts in its place. */
public final class CountingSource implements TokenSource {

    private final String prefix;
    private final AtomicInteger minted = new AtomicInteger();
    private volatile Supplier<CompletionStage<MintOutcome>> next = this::token;

    public CountingSource() {
        this("token-");
    }

    /** With this in front of the number. */
    public CountingSource(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public CompletionStage<MintOutcome> mint() {
        return next.get();
    }

    /** From now on each mint ends like this. */
    public void answer(Supplier<CompletionStage<MintOutcome>> outcome) {
        next = outcome;
    }

    /** From now on each mint fails. */
    public void fail(MintOutcome.Kind kind) {
        answer(() -> CompletableFuture.completedFuture(MintOutcome.Failed.of(kind, "the test says so")));
    }

    /** Mints a token. */
    public CompletionStage<MintOutcome> token() {
        return CompletableFuture.completedFuture(
                new MintOutcome.Minted(Secret.of(prefix + minted.incrementAndGet()), Duration.ofMinutes(10)));
    }

    public int minted() {
        return minted.get();
    }
}
