package dev.valifyproxy.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SourceCountsTest {

    private static long source(String address) throws UnknownHostException {
        return SourceCounts.sourceOf(InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(address)));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "255.255.255.255, 127.255.255.255, false",
        "2001:db8:0:1::1, 2001:db8:0:1:ffff:ffff:ffff:ffff, true",
        "2001:db8:0:1::1, 2001:db8:0:2::1, false",
        "::1, 0.0.0.1, false"
    })
    void a_source_is_an_ipv4_address_or_an_ipv6_network_of_64_bits(String one, String other, boolean same)
            throws UnknownHostException {
        assertThat(source(one) == source(other)).isEqualTo(same);
    }

    @Test
    void an_ipv4_address_in_the_form_of_ipv6_is_the_same_source() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 1};
        assertThat(SourceCounts.sourceOf(Inet6Address.getByAddress(null, mapped, -1)))
                .isEqualTo(source("192.0.2.1"));
    }

    @Test
    void each_source_has_its_own_room_and_has_it_again_when_something_has_left() {
        SourceCounts counts = new SourceCounts(2);
        assertThat(counts.tryAdd(1)).isTrue();
        assertThat(counts.tryAdd(1)).isTrue();
        assertThat(counts.tryAdd(1)).isFalse();
        assertThat(counts.tryAdd(2)).isTrue();
        counts.remove(1);
        assertThat(counts.tryAdd(1)).isTrue();
        assertThat(counts.tryAdd(1)).isFalse();
    }

    @Test
    void a_source_that_has_left_takes_no_memory() {
        SourceCounts counts = new SourceCounts(1);
        for (long source = 0; source < 1_000; source++) {
            counts.tryAdd(source);
            counts.tryAdd(source);
            counts.remove(source);
        }
        assertThat(counts.sources()).isZero();
    }

    @Test
    void under_contention_no_one_too_many_is_in_and_none_is_left_behind() throws InterruptedException {
        SourceCounts counts = new SourceCounts(2);
        AtomicInteger in = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int thread = 0; thread < 4; thread++) {
            threads.execute(() -> {
                while (start.getCount() > 0) {
                    Thread.onSpinWait();
                }
                for (int i = 0; i < 50_000; i++) {
                    if (counts.tryAdd(7)) {
                        most.accumulateAndGet(in.incrementAndGet(), Math::max);
                        in.decrementAndGet();
                        counts.remove(7);
                    }
                }
            });
        }
        start.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(most.get()).isBetween(1, 2);
        assertThat(counts.sources()).isZero();
    }
}
