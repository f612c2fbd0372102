package dev.valifyproxy;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whether the proxy should be sent calls.
 *
 * @param ready whether it should
 * @param reason one sentence on why, or on what is amiss although it is ready
 */
public record Readiness(boolean ready, String reason) {

    /** The reason where nothing is amiss. */
    static final String READY = "ready";

    /** Ready if every profile is; where there are several, what is amiss is told with the profile's name. */
    static Readiness ofAll(Map<String, Readiness> profiles) {
        if (profiles.size() == 1) {
            return profiles.values().iterator().next();
        }
        String amiss = profiles.entrySet().stream()
                .filter(profile -> !profile.getValue().reason().equals(READY))
                .map(profile -> profile.getKey() + ": " + profile.getValue().reason())
                .collect(Collectors.joining("; "));
        return new Readiness(profiles.values().stream().allMatch(Readiness::ready), amiss.isEmpty() ? READY : amiss);
    }
}
