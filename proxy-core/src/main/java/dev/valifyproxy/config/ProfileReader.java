package dev.valifyproxy.config;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.valifyproxy.exchange.ProfileMatch;
import dev.valifyproxy.exchange.Provenance;
import dev.valifyproxy.exchange.Provenance.Forwarded;
import dev.valifyproxy.http.FieldSyntax;
import dev.valifyproxy.tls.TlsSettings;
import dev.valifyproxy.upstream.UpstreamSettings;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the sections {@code upstream} and {@code token}, for each profile. */
final class ProfileReader {

    private static final Duration SHORTEST = ofMillis(10);

    /** As a field's value can arrive: whatever surrounds it is dropped by then. */
    private static final Pattern VALUE = Pattern.compile("[!-~](?:[ -~]*[!-~])?");

    /** What a profile has of its own; all else it takes from the top where it does not set it. */
    private static final Config OF_ITS_OWN = ConfigFactory.parseString(
            "match { path-prefix = null, host = null, header { name = null, value = null } }");

    private final Section root;
    private final Section timeouts;

    /** The names of the profiles that match these calls. */
    private final Map<ProfileMatch, String> matches = new HashMap<>();

    private ProfileReader(Section root) {
        this.root = root;
        this.timeouts = root.section("timeouts");
    }

    /** The default profile, unless there are others and it has no credentials, then the others by name. */
    static List<ProfileConfig> all(Section root) {
        ProfileReader reader = new ProfileReader(root);
        List<String> names = root.isSet("profiles") ? root.section("profiles").names() : List.of();
        List<ProfileConfig> all = new ArrayList<>();
        if (names.isEmpty() || new TokenSection(root.section("token")).hasCredentials()) {
            all.add(reader.profile(ProfileConfig.DEFAULT, ProfileMatch.ANY, root, ProfileReader::byVariable));
        }
        names.forEach(name -> all.add(reader.named(name, root.section("profiles"))));
        return all;
    }

    private static String byVariable(String key) {
        String variable = "VALIFY_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
        return "set " + variable + ", or " + variable + "_FILE to the path of a file that holds it";
    }

    private static String inPlace(String key) {
        return "set it, or " + key + "-file to the path of a file that holds it";
    }

    private ProfileConfig named(String name, Section profiles) {
        if (name.equals(ProfileConfig.DEFAULT)) {
            profiles.refuse(name, "must have another name: this is that of the sections upstream and token at the top");
        }
        ProfileMatch match = match(profiles.named(name, OF_ITS_OWN));
        String other = match.equals(ProfileMatch.ANY) ? null : matches.putIfAbsent(match, name);
        if (other != null) {
            profiles.refuse(name, "must match other calls than " + other + ", which matches the same");
        }
        return profile(name, match, profiles.heir(name, root), ProfileReader::inPlace);
    }

    private static ProfileMatch match(Section profile) {
        Section match = profile.section("match");
        if (!match.isSet("path-prefix") && !match.isSet("host") && !match.isSet("header")) {
            profile.refuseMissing("match", "set path-prefix, host or header in it, or several of them");
        }
        return new ProfileMatch(
                match.optionalTextFrom(
                        "path-prefix",
                        path -> path.startsWith("/") && !path.contains("?"),
                        "must begin with / and have no query"),
                match.optionalTextFrom(
                        "host", FieldSyntax::isHost, "must be a host, perhaps with a port, such as stage.bank.example"),
                match.isSet("header") ? header(match.section("header")) : null);
    }

    private static ProfileMatch.@Nullable Header header(Section header) {
        String name = header.optionalTextFrom("name", ProfileReader::isFieldName, "must be the name of a field");
        String value = header.optionalTextFrom(
                "value", VALUE.asMatchPredicate(), "must be visible ASCII, with spaces only between");
        for (String key : List.of("name", "value")) {
            if (!header.isSet(key)) {
                header.refuseMissing(key, "a header has a name and a value");
            }
        }
        return name == null || value == null ? null : new ProfileMatch.Header(name, value);
    }

    private static boolean isFieldName(String text) {
        return !text.isEmpty() && HttpHeaderValidationUtil.validateToken(text) < 0;
    }

    private ProfileConfig profile(
            String name, ProfileMatch match, Section section, UnaryOperator<String> howToSetCredential) {
        Section upstream = section.section("upstream");
        Egress egress = Egress.of(upstream);
        UpstreamSettings settings = upstream(upstream, egress);
        TokenSection token = new TokenSection(section.section("token"));
        return new ProfileConfig(
                name,
                match,
                settings,
                upstream.booleanFrom("rewrite-location"),
                provenance(upstream),
                token.oauth(settings, egress, howToSetCredential),
                token.pool(),
                token.rejection(),
                token.useScopes());
    }

    private static @Nullable Provenance provenance(Section upstream) {
        boolean via = upstream.booleanFrom("add-via");
        Forwarded forwarded = switch (upstream.wordFrom("add-forwarded", List.of("off", "forwarded", "x-forwarded"))) {
            case "forwarded" -> Forwarded.FORWARDED;
            case "x-forwarded" -> Forwarded.X_FORWARDED;
            default -> Forwarded.OFF;
        };
        return via || forwarded != Forwarded.OFF ? new Provenance(via, forwarded) : null;
    }

    private UpstreamSettings upstream(Section upstream, Egress egress) {
        upstream.refuseSet("ca-file", "is read by the program only: must be null, with its text as ca-certificates");
        URI baseUrl = upstream.originFrom("base-url");
        return new UpstreamSettings(
                baseUrl,
                egress.towards(baseUrl),
                upstream.intFrom("max-connections", 1, 100_000),
                upstream.optionalDurationFrom("max-connection-age", ofSeconds(1), ofDays(1)),
                timeouts.durationFrom("upstream-idle", SHORTEST, ofHours(1)),
                timeouts.durationFrom("connect", SHORTEST, ofMinutes(10)),
                timeouts.durationFrom("tls-handshake", SHORTEST, ofMinutes(10)),
                new TlsSettings(upstream.optionalCertificatesFrom("ca-certificates")));
    }
}
