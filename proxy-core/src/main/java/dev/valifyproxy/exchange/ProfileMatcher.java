package dev.valifyproxy.exchange;

import dev.valifyproxy.http.NormalPath;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the profile that serves a call. Immutable; any thread. */
public final class ProfileMatcher {

    /** Of several that match, the first serves: the longest path, then a header, then a host, then by name. */
    private static final Comparator<Profile> PRECEDENCE = Comparator.<Profile>comparingInt(
                    profile -> -length(profile.match().pathPrefix()))
            .thenComparing(profile -> profile.match().header() == null)
            .thenComparing(profile -> profile.match().host() == null)
            .thenComparing(Profile::name);

    private final List<Profile> inOrder;

    /** The one that serves every call, where there is no other to ask; else null. */
    private final @Nullable Profile only;

    /** Among these, of which no two match the same. */
    public ProfileMatcher(List<Profile> profiles) {
        inOrder = profiles.stream().sorted(PRECEDENCE).toList();
        Profile first = inOrder.get(0);
        only = first.match().equals(ProfileMatch.ANY) ? first : null;
    }

    private static int length(@Nullable String pathPrefix) {
        return pathPrefix == null ? 0 : pathPrefix.length();
    }

    /**
     * The profile of a call, or null if none serves it.
     *
     * @param head as the client sent it
     * @param target its origin-form or asterisk-form
     */
    @Nullable
    Profile profileOf(HttpRequest head, String target) {
        return only != null ? only : search(head, NormalPath.of(target));
    }

    private @Nullable Profile search(HttpRequest head, String path) {
        for (int i = 0; i < inOrder.size(); i++) {
            Profile profile = inOrder.get(i);
            if (profile.match().includes(head, path)) {
                return profile;
            }
        }
        return null;
    }
}
