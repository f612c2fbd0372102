package dev.valifyproxy.config;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.valifyproxy.http.NormalPath;
import dev.valifyproxy.injection.RejectionSettings;
import dev.valifyproxy.injection.UseScopeSettings;
import dev.valifyproxy.injection.UseScopeSettings.Service;
import dev.valifyproxy.oauth.Credentials;
import dev.valifyproxy.oauth.OAuthSettings;
import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.token.LearnUses;
import dev.valifyproxy.token.PoolSettings;
import dev.valifyproxy.token.PoolSettings.MintBounds;
import dev.valifyproxy.upstream.UpstreamSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Reads a section {@code token}: that at the top, or a profile's. */
final class TokenSection {

    private static final List<String> CREDENTIALS = List.of("username", "password", "client-id", "client-secret");
    private static final Duration SHORTEST = ofMillis(10);

    private final Section token;

    TokenSection(Section token) {
        this.token = token;
    }

    /** Whether any of the credentials is set. */
    boolean hasCredentials() {
        return CREDENTIALS.stream().anyMatch(token::isSet);
    }

    /**
     * Where tokens come from.
     *
     * @param upstream whose token endpoint it is unless there is a URL
     * @param egress the way there
     * @param howToSet what to do about a credential that is missing, by its key
     */
    OAuthSettings oauth(UpstreamSettings upstream, Egress egress, UnaryOperator<String> howToSet) {
        Duration defaultLifetime = token.durationFrom("default-lifetime", ofSeconds(1), ofDays(30));
        Duration maxLifetime = token.durationFrom("max-lifetime", ofSeconds(1), ofDays(30));
        token.require(
                defaultLifetime.compareTo(maxLifetime) <= 0,
                "default-lifetime",
                "max-lifetime",
                "must be at most token.max-lifetime");
        URI url = requireNonNullElseGet(
                token.optionalUrlFrom("url"), () -> upstream.baseUrl().resolve("/api/o/token/"));
        return new OAuthSettings(
                url,
                egress.towards(url),
                credentials(howToSet),
                upstream.connectTimeout(),
                mintTimeout(),
                defaultLifetime,
                maxLifetime,
                upstream.tls());
    }

    private Credentials credentials(UnaryOperator<String> howToSet) {
        return new Credentials(
                credential("username", howToSet),
                credential("password", howToSet),
                credential("client-id", howToSet),
                credential("client-secret", howToSet));
    }

    private Secret credential(String key, UnaryOperator<String> howToSet) {
        token.refuseSet(key + "-file", "is read by the program only: must be null, with its text as " + key);
        return token.secretFrom(key, howToSet.apply(key));
    }

    /** How many tokens are kept, and how they are used. */
    PoolSettings pool() {
        return new PoolSettings(
                token.intFrom("max-uses", 1, 1_000),
                useScopes().scopes(),
                LearnUses.valueOf(token.wordFrom("learn-uses", List.of("off", "observe", "adapt"))
                        .toUpperCase(Locale.ROOT)),
                token.durationFrom("expiry-margin", ZERO, ofMinutes(9)),
                token.durationFrom("acquire-timeout", SHORTEST, ofMinutes(10)),
                mintTimeout(),
                token.intFrom("floor", 0, 10_000),
                new MintBounds(
                        token.intFrom("max-concurrent-mints", 1, 10_000),
                        token.intFrom("max-tokens", 1, 1_000_000),
                        requireNonNullElse(
                                token.optionalIntFrom("max-mints-per-minute", 1, 1_000_000), MintBounds.UNLIMITED)),
                token.intFrom("max-waiters", 1, 1_000_000),
                "drop".equals(token.wordFrom("on-new-credentials", List.of("use-up", "drop"))),
                token.booleanFrom("leak-detection"));
    }

    private Duration mintTimeout() {
        return token.durationFrom("mint-timeout", SHORTEST, ofMinutes(10));
    }

    /** Which calls share a token's uses. */
    UseScopeSettings useScopes() {
        List<Service> services = services();
        String scope = token.wordFrom("use-scope", List.of("token", "service"));
        return new UseScopeSettings("service".equals(scope) ? services : List.of());
    }

    private List<Service> services() {
        Section section = token.section("services");
        List<Service> services = new ArrayList<>();
        Map<String, String> owners = new HashMap<>();
        for (String name : section.names()) {
            List<String> paths = section.pathsFrom(name);
            for (String path : paths) {
                String owner = owners.putIfAbsent(NormalPath.of(path), name);
                if (owner != null && !owner.equals(name)) {
                    section.refuse(
                            name,
                            "must hold no path that " + owner + " holds too, such as " + path
                                    + "; [] takes a service away");
                }
            }
            if (!paths.isEmpty()) {
                services.add(new Service(name, paths));
            }
        }
        return services;
    }

    /** When an answer counts as the refusal of a token. */
    RejectionSettings rejection() {
        Section rejection = token.section("rejection");
        return new RejectionSettings(
                rejection.elementsFrom("rules").stream()
                        .map(RejectionRuleReader::rule)
                        .toList(),
                rejection.pathsFrom("never"));
    }
}
