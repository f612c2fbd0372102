package dev.valifyproxy.bench.simulator;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import dev.valifyproxy.token.LearnUses;
import dev.valifyproxy.token.PoolSettings;
import dev.valifyproxy.token.PoolSettings.MintBounds;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * What is simulated; see {@code simulator.conf}.
 *
 * @param seed of the first run; each further one counts up from it
 * @param seeds how many runs a mean is taken over
 * @param schemes settings of the schemes
 * @param scenarios in the order of the report
 */
record Settings(long seed, int seeds, Config schemes, List<Scenario> scenarios) {

    private static final String ROOT = "simulator";
    private static final ConfigParseOptions MUST_EXIST =
            ConfigParseOptions.defaults().setAllowMissing(false);

    /** Read from system properties, this file if there is one, and the defaults, the strongest first. */
    static Settings load(@Nullable File file) {
        Config own = file == null ? ConfigFactory.empty() : ConfigFactory.parseFile(file, MUST_EXIST);
        return of(ConfigFactory.systemProperties().withFallback(own));
    }

    /** These, and the defaults. */
    static Settings of(Config own) {
        Config all = own.withFallback(ConfigFactory.parseResources("simulator.conf"))
                .resolve()
                .getConfig(ROOT);
        Config defaults = all.getConfig("defaults");
        List<Scenario> scenarios = all.getConfigList("scenarios").stream()
                .map(each -> scenario(each.withFallback(defaults)))
                .toList();
        return new Settings(all.getLong("seed"), all.getInt("seeds"), all.getConfig("schemes"), scenarios);
    }

    /** The same with another number of seeds. */
    Settings withSeeds(int number) {
        return new Settings(seed, number, schemes, scenarios);
    }

    /** The scenario of this name. */
    Scenario scenario(String name) {
        return scenarios.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no scenario " + name + ", but "
                        + scenarios.stream().map(Scenario::name).toList()));
    }

    private static Scenario scenario(Config config) {
        return new Scenario(
                config.getString("name"),
                config.getString("title"),
                trace(config.getConfig("calls")),
                config.getDuration("length"),
                new Scenario.Window(config.getDuration("window.from"), config.getDuration("window.to")),
                config.getDuration("api-latency"),
                mintLatency(config.getConfig("mint")),
                brownOut(config.getConfig("brown-out")),
                config.getDuration("invalidate-at"),
                config.getDuration("lifetime"),
                pool(config.getConfig("pool")));
    }

    private static Trace trace(Config calls) {
        String kind = calls.getString("kind");
        return switch (kind) {
            case "constant" -> Trace.constant(calls.getDouble("rate"));
            case "poisson" -> Trace.poisson(calls.getDouble("rate"));
            case "heavy-tail" -> Trace.heavyTail(calls.getDouble("rate"), calls.getDouble("shape"));
            case "batches" -> Trace.batches(calls.getDouble("rate"), calls.getDouble("shape"));
            case "wave" -> Trace.wave(calls.getDouble("rate"), seconds(calls, "period"));
            case "step" -> Trace.step(calls.getDouble("rate"), calls.getDouble("then"), seconds(calls, "at"));
            case "pulses" ->
                Trace.pulses(
                        calls.getDouble("rate"),
                        seconds(calls, "for"),
                        calls.getDouble("then"),
                        seconds(calls, "period"));
            case "burst" -> Trace.burst(calls.getInt("calls"), seconds(calls, "at"));
            default -> throw new IllegalArgumentException("there are no calls of the kind " + kind);
        };
    }

    private static MintLatency mintLatency(Config mint) {
        return new MintLatency(
                mint.getDuration("mean"),
                mint.getDouble("sigma"),
                mint.getDouble("stall-share"),
                mint.getDouble("stall-factor"));
    }

    private static BrownOut brownOut(Config brownOut) {
        return new BrownOut(
                brownOut.getDuration("from"),
                brownOut.getDuration("to"),
                brownOut.getDouble("factor"),
                brownOut.getBoolean("fails"));
    }

    private static PoolSettings pool(Config pool) {
        return new PoolSettings(
                pool.getInt("max-uses"),
                1,
                LearnUses.OFF,
                pool.getDuration("expiry-margin"),
                pool.getDuration("acquire-timeout"),
                pool.getDuration("mint-timeout"),
                pool.getInt("floor"),
                new MintBounds(pool.getInt("max-concurrent-mints"), pool.getInt("max-tokens"), MintBounds.UNLIMITED),
                pool.getInt("max-waiters"),
                false,
                false);
    }

    private static double seconds(Config config, String key) {
        Duration duration = config.getDuration(key);
        return duration.toNanos() / Trace.SECOND;
    }
}
