package dev.valifyproxy.bench.simulator;

import com.typesafe.config.Config;
import java.util.Arrays;

/** The schemes that can be tried. */
enum SchemeKind {
    /** The pool that the proxy uses. */
    OURS("ours", false),
    /** See {@link SingleToken}. */
    SINGLE("single", false),
    /** See {@link FixedReserve}. */
    FIXED("fixed", false),
    /** See {@link Watermark}. */
    WATERMARK("watermark", false),
    /** See {@link PlainEwma}. */
    EWMA("ewma", false),
    /** See {@link Clairvoyant}. */
    CLAIRVOYANT("clairvoyant", true);

    private final String label;
    private final boolean foresees;

    SchemeKind(String label, boolean foresees) {
        this.label = label;
        this.foresees = foresees;
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

    /** Whether it knows the future, so that nothing that could be built is its equal. */
    boolean foresees() {
        return foresees;
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
                                settings.getInt("ewma.floor"),
                                maxUses));
            case CLAIRVOYANT -> new Clairvoyant(world);
        };
    }

    @Override
    public String toString() {
        return label;
    }
}
