package dev.valifyproxy.bench.simulator;

import com.typesafe.config.Config;
import java.util.Arrays;

/** The schemes that can be tried. */
enum SchemeKind {
    /** See {@link SingleToken}. */
    SINGLE("single", "one token at a time"),
    /** See {@link FixedReserve}. */
    FIXED("fixed", "a fixed reserve"),
    /** See {@link Watermark}. */
    WATERMARK("watermark", "a batch below a low-water mark"),
    /** See {@link PlainEwma}. */
    EWMA("ewma", "one moving average of the rate"),
    /** See {@link OurPool}. */
    OURS("ours", "the pool of the proxy"),
    /** See {@link Clairvoyant}. */
    CLAIRVOYANT("clairvoyant", "knows the future: the bound");

    private final String label;
    private final String description;

    SchemeKind(String label, String description) {
        this.label = label;
        this.description = description;
    }

    /** The scheme of this name. */
    static SchemeKind of(String label) {
        return Arrays.stream(values())
                .filter(each -> each.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no scheme is called " + label));
    }

    /** Its name in settings, on the command line and in the report. */
    String label() {
        return label;
    }

    /** What it does, in a few words. */
    String description() {
        return description;
    }

    /**
     * A scheme of this kind for one world.
     *
     * @param settings of all schemes
     */
    Scheme create(Config settings, World world) {
        int maxUses = world.scenario().pool().maxUses();
        return switch (this) {
            case OURS -> new OurPool(world);
            case SINGLE -> new StockedScheme(world, new SingleToken());
            case FIXED -> new StockedScheme(world, new FixedReserve(settings.getInt("fixed.uses"), maxUses));
            case WATERMARK ->
                new StockedScheme(
                        world,
                        new Watermark(
                                settings.getInt("watermark.low-water"), settings.getInt("watermark.batch"), maxUses));
            case EWMA ->
                new StockedScheme(
                        world,
                        new PlainEwma(
                                settings.getDuration("ewma.memory"),
                                settings.getDouble("ewma.safety"),
                                world.scenario().pool().floor(),
                                maxUses));
            case CLAIRVOYANT -> new Clairvoyant(world);
        };
    }

    @Override
    public String toString() {
        return label;
    }
}
