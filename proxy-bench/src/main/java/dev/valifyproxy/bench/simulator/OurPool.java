package dev.valifyproxy.bench.simulator;

import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.token.LeaseReceiver;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.PoolListener;
import dev.valifyproxy.token.Shortage;
import dev.valifyproxy.token.TokenLease;
import dev.valifyproxy.token.TokenPool;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The real pool, as the proxy drives it. */
final class OurPool implements Scheme {

    private static final int VALUE_AT = "Bearer ".length();

    private final World world;
    private final TokenPool pool;

    OurPool(World world) {
        this.world = world;
        this.pool = new TokenPool(
                world.scenario().pool(),
                this::mint,
                world.time(),
                world.time(),
                world.time(),
                world.random(),
                PoolListener.NONE);
    }

    @Override
    public void start() {
        pool.start();
    }

    @Override
    public void request(Caller caller) {
        TokenLease ready = pool.tryAcquire(0);
        if (ready != null) {
            caller.granted(new Leased(ready));
        } else {
            pool.await(0, new Waiting(caller));
        }
    }

    @Override
    public void requestAgain(Use rejected, Caller caller) {
        pool.awaitNewer(((Leased) rejected).lease, new Waiting(caller));
    }

    private CompletionStage<MintOutcome> mint() {
        CompletableFuture<MintOutcome> answer = new CompletableFuture<>();
        Issuer issuer = world.issuer();
        issuer.mint(
                issuer.drawLatency(),
                token -> answer.complete(new MintOutcome.Minted(
                        Secret.of(Integer.toString(token)), world.scenario().lifetime())),
                () -> answer.complete(MintOutcome.Failed.of(MintOutcome.Kind.SERVER_ERROR, "the issuer is not well")));
        return answer;
    }

    private record Waiting(Caller caller) implements LeaseReceiver {

        @Override
        public void acquired(TokenLease lease) {
            caller.granted(new Leased(lease));
        }

        @Override
        public void unavailable(Shortage shortage) {
            caller.refused();
        }
    }

    private record Leased(TokenLease lease) implements Use {

        @Override
        public int token() {
            String field = lease.authorization();
            return Integer.parseInt(field, VALUE_AT, field.length(), 10);
        }

        @Override
        public void accepted() {
            lease.accepted();
        }

        @Override
        public void rejected() {
            lease.rejected();
        }

        @Override
        public void used() {
            lease.used();
        }
    }
}
