package dev.valifyproxy.listener;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what comes from each source address, and bounds it; holds no more sources than have something there. An IPv6 source is a /64: who
 * has one address of it has them all (RFC 6177 §2). A source that is known is counted by a compare-and-set. Any thread.
 */
final class SourceCounts {

    /** A count that has come to nothing and leaves the map; whoever meets it takes a new one. */
    private static final int GONE = -1;

    /** Puts IPv4 beside IPv6: 0:1::/32 belongs to a block that nobody is given (RFC 4291 §2.4). */
    private static final long IPV4 = 1L << 32;

    /** What stands before an IPv4 address in IPv6's form (RFC 4291 §2.5.5.2). */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    private final int limit;
    private final ConcurrentHashMap<Long, AtomicInteger> counts = new ConcurrentHashMap<>();

    /** With room for this many of each source, one at least. */
    SourceCounts(int limit) {
        this.limit = limit;
    }

    /** What an address is counted by. */
    static long sourceOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return ipv4(bytes, 0);
        }
        boolean mapped = Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        return mapped ? ipv4(bytes, MAPPED.length) : ByteBuffer.wrap(bytes).getLong();
    }

    private static long ipv4(byte[] bytes, int offset) {
        return IPV4 | Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(offset));
    }

    /** Counts one more; false if there are too many of this source already. */
    boolean tryAdd(long source) {
        while (true) {
            AtomicInteger count = counts.get(source);
            if (count == null) {
                count = counts.computeIfAbsent(source, first -> new AtomicInteger());
            }
            int now = count.get();
            if (now == GONE) {
                counts.remove(source, count);
            } else if (now >= limit) {
                return false;
            } else if (count.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Takes one back that was counted. */
    void remove(long source) {
        AtomicInteger count = counts.get(source);
        if (count != null && count.decrementAndGet() == 0 && count.compareAndSet(0, GONE)) {
            counts.remove(source, count);
        }
    }

    /** Sources that have something here. */
    int sources() {
        return counts.size();
    }
}
