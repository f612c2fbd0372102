package dev.valifyproxy;

import dev.valifyproxy.token.MintLimit;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.MintState;
import dev.valifyproxy.token.PoolListener;
import dev.valifyproxy.token.Shortage;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Several listeners as one, each told in turn. */
final class PoolListeners implements PoolListener {

    private final List<PoolListener> all;

    PoolListeners(List<PoolListener> all) {
        this.all = List.copyOf(all);
    }

    private void tell(Consumer<PoolListener> event) {
        for (int i = 0; i < all.size(); i++) {
            event.accept(all.get(i));
        }
    }

    @Override
    public void minted(Duration latency, Duration lifetime) {
        tell(listener -> listener.minted(latency, lifetime));
    }

    @Override
    public void mintFailed(MintOutcome.Failed failure, Duration latency) {
        tell(listener -> listener.mintFailed(failure, latency));
    }

    @Override
    public void stateChanged(MintState from, MintState to, MintOutcome.@Nullable Failed why) {
        tell(listener -> listener.stateChanged(from, to, why));
    }

    @Override
    public void wasted(int uses, Waste why) {
        tell(listener -> listener.wasted(uses, why));
    }

    @Override
    public void waited(Duration wait) {
        tell(listener -> listener.waited(wait));
    }

    @Override
    public void shortage(Shortage shortage) {
        tell(listener -> listener.shortage(shortage));
    }

    @Override
    public void tokenRejected() {
        tell(PoolListener::tokenRejected);
    }

    @Override
    public void heldBack(MintLimit limit) {
        tell(listener -> listener.heldBack(limit));
    }

    @Override
    public void limitChanged(@Nullable MintLimit limit) {
        tell(listener -> listener.limitChanged(limit));
    }

    @Override
    public void usesDisagree(Disagreement how) {
        tell(listener -> listener.usesDisagree(how));
    }

    @Override
    public void leaked(Throwable acquired) {
        tell(listener -> listener.leaked(acquired));
    }

    @Override
    public void suspended(Duration missing) {
        tell(listener -> listener.suspended(missing));
    }
}
