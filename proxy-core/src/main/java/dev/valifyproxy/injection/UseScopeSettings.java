package dev.valifyproxy.injection;

import java.util.List;

/**
 * What a token's uses are counted by; {@code token.use-scope} and {@code token.services}.
 *
 * @param services those of which each has uses of its own; none if all calls share a token's uses
 */
public record UseScopeSettings(List<Service> services) {

    /**
     * Calls that share a token's uses.
     *
     * @param name what the configuration calls it
     * @param paths prefixes of the paths of these calls, in whole segments
     */
    public record Service(String name, List<String> paths) {}

    /** How many scopes there are: one for each service, and one for all other calls. */
    public int scopes() {
        return services.size() + 1;
    }
}
