package dev.valifyproxy.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What one peer did in one kind of work, of those that {@code bench/side-by-side} wrote down.
 *
 * @param work its title
 * @param peer its name
 * @param ours whether it is the proxy
 * @param cpuMicros processor time for a call, the median of the rounds
 * @param timesFloor the same in terms of the floor's; 0 where there was none
 * @param p99Micros latency, the median of the rounds
 */
record Comparison(String work, String peer, boolean ours, double cpuMicros, double timesFloor, double p99Micros) {

    private static final String FLOOR = "floor";
    private static final String CPU = "cpu_us";

    /** All in these results that have a cost for each call, in their order. */
    static List<Comparison> all(JsonNode results) {
        List<Comparison> all = new ArrayList<>();
        for (JsonNode work : results.required("works")) {
            double floor = peers(work)
                    .filter(peer -> peer.required("name").asText().equals(FLOOR))
                    .mapToDouble(peer -> median(peer, CPU))
                    .findFirst()
                    .orElse(0);
            peers(work).filter(peer -> median(peer, CPU) > 0).forEach(peer -> all.add(of(results, work, peer, floor)));
        }
        return all;
    }

    private static Comparison of(JsonNode results, JsonNode work, JsonNode peer, double floor) {
        String name = peer.required("name").asText();
        String variant = work.required("variants").size() > 1
                ? ", " + peer.required("variant").asText()
                : "";
        double cpu = median(peer, CPU);
        return new Comparison(
                work.required("title").asText() + variant,
                name,
                results.required("proxies").has(name),
                cpu,
                floor == 0 ? 0 : cpu / floor,
                median(peer, "p99_us"));
    }

    private static Stream<JsonNode> peers(JsonNode work) {
        return StreamSupport.stream(work.required("peers").spliterator(), false);
    }

    /** The median over the rounds that have this number; 0 if none has. */
    private static double median(JsonNode peer, String number) {
        double[] sorted = StreamSupport.stream(peer.required("rounds").spliterator(), false)
                .filter(round -> round.has(number))
                .mapToDouble(round -> round.get(number).asDouble())
                .sorted()
                .toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return 0;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
