package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A pool of three uses a token, its held clock and its issuer, and what was heard of it. */
final class PoolFixture {

    static final Duration LIFETIME = Duration.ofMinutes(10);
    static final Duration MARGIN = Duration.ofSeconds(5);
    static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(8);
    static final Duration MINT_TIMEOUT = Duration.ofSeconds(10);

    final VirtualTime time = new VirtualTime();
    final FakeIssuer issuer = new FakeIssuer(time);
    final Heard heard = new Heard();
    final TokenPool pool;

    PoolFixture(int floor) {
        this(new PoolSettings(3, 1, LearnUses.OFF, MARGIN, ACQUIRE_TIMEOUT, MINT_TIMEOUT, floor, 128, 1_024));
    }

    PoolFixture(PoolSettings settings) {
        pool = new TokenPool(settings, issuer, time, time, new Random(1), heard);
    }

    /** A pool that has minted for its floor. */
    static PoolFixture started(int floor) {
        PoolFixture fixture = new PoolFixture(floor);
        fixture.pool.start();
        while (fixture.issuer.open() > 0) {
            fixture.issuer.issue();
        }
        return fixture;
    }

    /** A pool without a floor whose credentials are known to be good, with nothing ready. */
    static PoolFixture provenAndEmpty() {
        PoolFixture fixture = new PoolFixture(0);
        Call call = fixture.await();
        fixture.issuer.issue();
        call.lease().used();
        fixture.take().used();
        fixture.take().used();
        fixture.time.advance(Duration.ofMinutes(2)); // the demand of these calls is forgotten
        return fixture;
    }

    TokenLease take() {
        TokenLease lease = pool.tryAcquire();
        assertThat(lease).as("a ready use").isNotNull();
        return lease;
    }

    Call await() {
        Call call = new Call();
        call.place = pool.await(call);
        return call;
    }

    List<Call> await(int calls) {
        List<Call> all = new ArrayList<>();
        for (int call = 0; call < calls; call++) {
            all.add(await());
        }
        return all;
    }

    Call awaitNewer(TokenLease rejected) {
        Call call = new Call();
        call.place = pool.awaitNewer(rejected, call);
        return call;
    }

    /** A call in line, and what it was told. */
    static final class Call implements LeaseReceiver {

        @Nullable
        Waiter place;

        @Nullable
        TokenLease lease;

        @Nullable
        Shortage shortage;

        private int told;

        @Override
        public void acquired(TokenLease granted) {
            lease = granted;
            told++;
        }

        @Override
        public void unavailable(Shortage why) {
            shortage = why;
            told++;
        }

        TokenLease lease() {
            assertThat(lease).as("the lease of a call, told %s", shortage).isNotNull();
            return lease;
        }

        int told() {
            return told;
        }

        boolean waits() {
            return told == 0;
        }
    }

    /** What the pool's listener heard. */
    static final class Heard implements PoolListener {

        final List<String> states = new ArrayList<>();
        final List<MintOutcome.Failed> failures = new ArrayList<>();
        final List<Duration> waits = new ArrayList<>();
        final List<Shortage> shortages = new ArrayList<>();
        final List<Duration> latencies = new ArrayList<>();
        int expired;
        int rejected;
        int rejections;

        @Override
        public void minted(Duration latency) {
            latencies.add(latency);
        }

        @Override
        public void mintFailed(MintOutcome.Failed failure, Duration latency) {
            failures.add(failure);
            latencies.add(latency);
        }

        @Override
        public void stateChanged(MintState from, MintState to, MintOutcome.@Nullable Failed why) {
            states.add(from + " > " + to + (why == null ? "" : ": " + why.kind()));
        }

        @Override
        public void wasted(int uses, Waste why) {
            if (why == Waste.EXPIRED) {
                expired += uses;
            } else {
                rejected += uses;
            }
        }

        @Override
        public void waited(Duration wait) {
            waits.add(wait);
        }

        @Override
        public void shortage(Shortage shortage) {
            shortages.add(shortage);
        }

        @Override
        public void tokenRejected() {
            rejections++;
        }
    }
}
