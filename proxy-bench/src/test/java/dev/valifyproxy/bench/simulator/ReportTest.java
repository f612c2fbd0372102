package dev.valifyproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.bench.chart.Axis;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReportTest {

    private static final Scenario SCENARIO = Settings.load(null).scenario("poisson-1");
    private static final Report REPORT =
            new Report(SCENARIO, SchemeKind.OURS, List.of(run(100, 10, 20, 30, 40), run(300)));

    @Test
    void shares_are_of_all_calls_of_all_seeds() {
        assertThat(REPORT.waitedShare()).isEqualTo(0.01);
        assertThat(REPORT.calls()).isEqualTo(200);
    }

    @Test
    void quantiles_of_waits_are_of_those_who_waited() {
        assertThat(REPORT.waitMillis(0.5)).isEqualTo(20);
        assertThat(REPORT.waitMillis(0.99)).isEqualTo(40);
        assertThat(REPORT.longestWaitMillis()).isEqualTo(40);
    }

    @Test
    void quantiles_over_all_calls_count_those_who_did_not_wait() {
        assertThat(REPORT.runs().get(0).waitNanosOfAll(0.96)).isZero();
        assertThat(REPORT.runs().get(0).waitNanosOfAll(0.97)).isEqualTo(10e6);
        assertThat(REPORT.runs().get(0).waitNanosOfAll(1)).isEqualTo(40e6);
    }

    @Test
    void what_must_never_happen_is_summed_up() {
        assertThat(REPORT.overUses()).isEqualTo(2);
        assertThat(REPORT.expiredUses()).isEqualTo(4);
    }

    @Test
    void the_csv_has_a_head_and_a_line_for_each_report() {
        String[] lines = Table.csv(List.of(REPORT, REPORT)).split("\n");

        assertThat(lines).hasSize(3);
        assertThat(lines[0]).startsWith("scenario,scheme,calls,waited_pct,");
        assertThat(lines[1]).startsWith("poisson-1,ours,200,1.0000,");
        assertThat(lines[1].split(",")).hasSameSizeAs(lines[0].split(","));
    }

    @Test
    void the_table_is_flush() {
        StringWriter out = new StringWriter();

        Table.print(List.of(REPORT), new PrintWriter(out));

        assertThat(out.toString().lines().map(String::length).distinct()).hasSize(1);
    }

    @Test
    void the_plot_is_well_formed_and_has_a_dot_for_each_report_in_each_panel() throws Exception {
        Report zero = new Report(SCENARIO, SchemeKind.FIXED, List.of(run(100)));
        Axis<Report> axis = new Axis<>("a < b & c", Report::waitedShare, -3, 2);
        Document plot = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(
                        new StringReader(Chart.svg("title", List.of(REPORT, zero), List.of(axis, axis)))));

        int legend = 2;
        assertThat(plot.getElementsByTagName("circle").getLength()).isEqualTo(legend + 4);
    }

    private static Run run(int calls, long... waitMillis) {
        Times waits = new Times();
        for (long wait : waitMillis) {
            waits.add(wait * 1_000_000);
        }
        int late = waitMillis.length;
        return new Run(calls, calls, late, late, waits, 0, 0, calls / 3, 0, 0, 0, 0, 1, 2, 0);
    }
}
