package dev.valifyproxy.sandbox;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Every token the sandbox has issued and what became of it: good for so many uses until it expires, then refused for
 * ever. An attempt beyond that is counted by its reason, so that a test can tell an over-use from a late use.
 *
 * <p>Thread-safe. Memory is bounded: of the tokens that nobody can use any more only the youngest are remembered; an older
 * one is refused as unknown.
 */
public final class TokenLedger {
    private static final int REMEMBERED = 100_000;
    private static final int TOKEN_BYTES = 24;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();
    private final Queue<Token> oldestFirst = new ConcurrentLinkedQueue<>();
    private final AtomicLong minted = new AtomicLong();
    private final Map<Verdict, LongAdder> verdicts = new ConcurrentHashMap<>();
    private final int usesPerToken;
    private final UseScope scope;
    private final long lifetimeNanos;
    private final LongSupplier nanoTime;

    TokenLedger(SandboxSettings settings) {
        usesPerToken = settings.usesPerToken();
        scope = settings.useScope();
        lifetimeNanos = settings.tokenLifetime().toNanos();
        nanoTime = settings.nanoTime();
    }

    /** Issues a token as the token endpoint does, for a client that needs one without asking for it. */
    public String mint() {
        Token token = new Token("token-" + minted.incrementAndGet(), randomValue(), nanoTime.getAsLong());
        tokens.put(token.value, token);
        oldestFirst.add(token);
        forgetTheOldest();
        return token.value;
    }

    /** A random value as it stands in a token answer: URL-safe. */
    String randomValue() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Takes one use of the token for a call of the service, or says why it has none. */
    Use use(String value, String service) {
        Token token = tokens.get(value);
        Use use = token == null ? Use.refused(Verdict.UNKNOWN) : token.use(scope == UseScope.TOKEN ? "" : service);
        count(use.verdict).increment();
        return use;
    }

    boolean isKnown(String value) {
        return tokens.containsKey(value);
    }

    /** The name under which a token stands in {@link Call} and {@link #usesByToken()}; null for one never issued here. */
    @Nullable
    String idOf(String value) {
        Token token = tokens.get(value);
        return token == null ? null : token.id;
    }

    /** Makes one token worthless before its time; no effect on a value that was never issued. */
    public void revoke(String value) {
        Token token = tokens.get(value);
        if (token != null) {
            token.revoke();
        }
    }

    /** Makes all tokens issued so far worthless, as an upstream does that has lost its database. */
    public void invalidateAll() {
        tokens.values().forEach(Token::revoke);
    }

    /** Forgets all tokens that nobody can use any more, as it does with old ones by itself; what has been counted stays. */
    public void forgetTheDead() {
        tokens.values().removeIf(Token::isDead);
        oldestFirst.removeIf(token -> !tokens.containsKey(token.value));
    }

    /** Tokens issued. */
    public long minted() {
        return minted.get();
    }

    /** Calls that were let through on a token. */
    public long used() {
        return count(Verdict.ACCEPTED).sum();
    }

    /** Calls that brought a token and were refused for it, whatever the reason. */
    public long refused() {
        return verdicts.values().stream().mapToLong(LongAdder::sum).sum() - used();
    }

    /** Calls refused because all uses of their token were spent. */
    public long overUses() {
        return count(Verdict.USED_UP).sum();
    }

    /** Calls refused because their token had expired, uses left or not. */
    public long usesAfterExpiry() {
        return count(Verdict.EXPIRED).sum();
    }

    /** The uses let through of each token still remembered, by its id. */
    public Map<String, Integer> usesByToken() {
        Map<String, Integer> uses = new HashMap<>();
        tokens.values().forEach(token -> uses.put(token.id, token.total()));
        return uses;
    }

    private LongAdder count(Verdict verdict) {
        return verdicts.computeIfAbsent(verdict, first -> new LongAdder());
    }

    /** Looks at two tokens for each one minted: enough to shrink, and a mint never waits for a sweep. */
    private void forgetTheOldest() {
        for (int i = 0; i < 2 && tokens.size() > REMEMBERED; i++) {
            Token oldest = oldestFirst.poll();
            if (oldest == null) {
                return;
            }
            if (oldest.isDead()) {
                tokens.remove(oldest.value);
            } else {
                oldestFirst.add(oldest);
            }
        }
    }

    enum Verdict {
        ACCEPTED,
        UNKNOWN,
        REVOKED,
        EXPIRED,
        USED_UP
    }

    /** What came of an attempt to use a token, and the uses it has left afterwards in the scope of that call. */
    record Use(Verdict verdict, int left) {
        static Use refused(Verdict reason) {
            return new Use(reason, 0);
        }

        boolean isAccepted() {
            return verdict == Verdict.ACCEPTED;
        }
    }

    /** One token; its monitor guards it, and is never held while calling out. */
    private final class Token {
        private final String id;
        private final String value;
        private final long mintedAt;
        private final Map<String, Integer> usesByKey = new HashMap<>(2);
        private boolean revoked;

        private Token(String id, String value, long mintedAt) {
            this.id = id;
            this.value = value;
            this.mintedAt = mintedAt;
        }

        private synchronized Use use(String key) {
            if (revoked) {
                return Use.refused(Verdict.REVOKED);
            }
            if (isExpired()) {
                return Use.refused(Verdict.EXPIRED);
            }
            int before = usesByKey.getOrDefault(key, 0);
            if (before == usesPerToken) {
                return Use.refused(Verdict.USED_UP);
            }
            usesByKey.put(key, before + 1);
            return new Use(Verdict.ACCEPTED, usesPerToken - before - 1);
        }

        private synchronized void revoke() {
            revoked = true;
        }

        private synchronized int total() {
            return usesByKey.values().stream().mapToInt(Integer::intValue).sum();
        }

        private synchronized boolean isDead() {
            boolean usedUp = scope == UseScope.TOKEN && total() == usesPerToken;
            return revoked || usedUp || isExpired();
        }

        private boolean isExpired() {
            return nanoTime.getAsLong() - mintedAt >= lifetimeNanos;
        }
    }
}
