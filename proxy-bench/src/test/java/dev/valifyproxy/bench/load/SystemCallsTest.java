package dev.valifyproxy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SystemCallsTest {

    @Test
    void calls_for_input_and_output_are_read_from_a_summary_with_errors_and_without() {
        String summary = """
                % time     seconds  usecs/call     calls    errors syscall
                ------ ----------- ----------- --------- --------- ----------------
                 61.20    0.012345           6      2000           writev
                 20.10    0.004000           2      2001         1 recvfrom
                 18.00    0.003900           1      4000           epoll_pwait2
                  0.70    0.000100          10        10           futex
                  0.00    0.000000           0         1           mprotect
                ------ ----------- ----------- --------- --------- ----------------
                100.00    0.020345           2      8012         1 total
                """;

        assertThat(SystemCalls.parse(summary))
                .hasSize(3)
                .containsEntry("writev", 2000L)
                .containsEntry("recvfrom", 2001L)
                .containsEntry("epoll_pwait2", 4000L);
    }

    @Test
    void a_thread_that_is_not_there_is_not_counted() throws Exception {
        assertThat(SystemCalls.of("no such thread")).isNull();
    }
}
