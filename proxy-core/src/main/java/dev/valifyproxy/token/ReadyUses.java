package dev.valifyproxy.token;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The uses that calls get at once, those that expire first in front. Any thread takes, without a lock; only the mint thread puts.
 *
 * <p>Whether a use is good is judged when it is taken. A use that is not is dropped and reported as wasted, once, by whoever took it
 * out.
 */
final class ReadyUses {

    /**
     * How fresh the stock is.
     *
     * @param due uses whose successors are to be minted now
     * @param nextChangeNanos how long until this answer changes: a use becomes due, or expires; {@link Long#MAX_VALUE} for never
     */
    record Freshness(int due, long nextChangeNanos) {}

    private final ConcurrentLinkedDeque<TokenLease> uses = new ConcurrentLinkedDeque<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Rejections rejections;
    private final PoolListener listener;

    ReadyUses(Rejections rejections, PoolListener listener) {
        this.rejections = rejections;
        this.listener = listener;
    }

    int size() {
        return size.get();
    }

    /** The first good use, or null. Any thread; allocates nothing. */
    @Nullable
    TokenLease poll(long now) {
        for (TokenLease use = uses.pollFirst(); use != null; use = uses.pollFirst()) {
            size.decrementAndGet();
            if (isGood(use, now)) {
                return use;
            }
            waste(use);
        }
        return null;
    }

    /** The good use, of those that are wanted, whose token was minted last; null if there is none. Mint thread. */
    @Nullable
    TokenLease pollYoungest(long now, Predicate<AccessToken> wanted) {
        while (true) {
            TokenLease youngest = null;
            for (TokenLease use : uses) {
                if (isGood(use, now) && wanted.test(use.token()) && isYounger(use, youngest)) {
                    youngest = use;
                }
            }
            if (youngest == null || take(youngest)) {
                return youngest;
            }
        }
    }

    /** Puts a use where its expiry belongs, behind its equals. Mint thread. */
    void add(TokenLease use, long now) {
        if (!isGood(use, now)) {
            waste(use);
            return;
        }
        size.incrementAndGet();
        TokenLease last = uses.peekLast();
        if (last == null || !expiresLater(last, use)) {
            uses.addLast(use);
        } else {
            insert(use);
        }
    }

    /** Puts a use that came back in front, where it was taken from, unless one that expires earlier is there by now. Mint thread. */
    void putBack(TokenLease use, long now) {
        TokenLease first = uses.peekFirst();
        if (first != null && !expiresLater(use, first) && isGood(use, now)) {
            size.incrementAndGet();
            uses.addFirst(use);
        } else {
            add(use, now);
        }
    }

    /** Drops what is no longer good. Mint thread. */
    void purge(long now) {
        for (TokenLease use : uses) {
            if (!isGood(use, now) && take(use)) {
                waste(use);
            }
        }
    }

    /**
     * Drops those in front until so many are left. They are not wasted: their tokens were minted for calls of another scope. Mint
     * thread.
     */
    void shed(int most) {
        while (size() > most && uses.pollFirst() != null) {
            size.decrementAndGet();
        }
    }

    /** Drops everything. Mint thread. */
    void clear() {
        while (uses.pollFirst() != null) {
            size.decrementAndGet();
        }
    }

    /** How many uses need a successor, if a mint is to be sent so long before an end. Mint thread. */
    Freshness freshness(long now, long leadNanos) {
        int due = 0;
        long nextChange = Long.MAX_VALUE;
        for (Iterator<TokenLease> each = uses.iterator(); each.hasNext(); due++) {
            AccessToken token = each.next().token();
            long untilDue = token.renewAtNanos(leadNanos) - now;
            if (untilDue > 0) {
                return new Freshness(due, Math.min(nextChange, untilDue));
            }
            nextChange = Math.min(nextChange, token.usableUntilNanos() - now);
        }
        return new Freshness(due, nextChange);
    }

    /**
     * Walks in from the tail, past those that expire later. A call that finds the deque empty meanwhile takes its place in line,
     * and with that waits for the mint thread, that is for the end of this.
     */
    private void insert(TokenLease use) {
        ArrayDeque<TokenLease> later = new ArrayDeque<>();
        TokenLease last = uses.pollLast();
        while (last != null && expiresLater(last, use)) {
            later.push(last);
            last = uses.pollLast();
        }
        if (last != null) {
            uses.addLast(last);
        }
        uses.addLast(use);
        later.forEach(uses::addLast);
    }

    /** Whether a call may have it. */
    boolean isGood(TokenLease use, long now) {
        return !use.token().hasExpired(now) && !rejections.isVoid(use.token());
    }

    private boolean take(TokenLease use) {
        boolean taken = uses.removeFirstOccurrence(use);
        if (taken) {
            size.decrementAndGet();
        }
        return taken;
    }

    private void waste(TokenLease use) {
        listener.wasted(1, rejections.waste(use.token()));
    }

    private static boolean expiresLater(TokenLease use, TokenLease other) {
        return use.token().usableUntilNanos() - other.token().usableUntilNanos() > 0;
    }

    private static boolean isYounger(TokenLease use, @Nullable TokenLease other) {
        return other == null || use.token().mintedAtNanos() - other.token().mintedAtNanos() > 0;
    }
}
