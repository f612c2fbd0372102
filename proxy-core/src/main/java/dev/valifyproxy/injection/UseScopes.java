package dev.valifyproxy.injection;

import dev.valifyproxy.http.PathPrefixes;
import dev.valifyproxy.injection.UseScopeSettings.Service;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Tells which of a token's uses a call takes. Scope 0 is of all calls that belong to no service, so of all calls there are where no
 * services are told apart. Immutable; any thread.
 */
public final class UseScopes {

    private final PathPrefixes prefixes;

    /** The scope of each prefix. */
    private final int[] scopes;

    /** With these services, the n-th of which has scope n, counted from 1. */
    public UseScopes(UseScopeSettings settings) {
        List<String> paths = new ArrayList<>();
        List<Integer> scopeOfPath = new ArrayList<>();
        int scope = 0;
        for (Service service : settings.services()) {
            scope++;
            paths.addAll(service.paths());
            scopeOfPath.addAll(Collections.nCopies(service.paths().size(), scope));
        }
        prefixes = new PathPrefixes(paths);
        scopes = scopeOfPath.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The scope of a call, by the longest prefix of its path; allocates nothing for a path in normal form. */
    int of(String target) {
        if (scopes.length == 0) {
            return 0;
        }
        int prefix = prefixes.longestOf(target);
        return prefix < 0 ? 0 : scopes[prefix];
    }
}
