package dev.valifyproxy.bench.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A logarithmic axis that begins with a place for zero, which has no logarithm; what is too small for the axis stands there too.
 *
 * @param <T> a result
 * @param title what is measured, and its unit
 * @param number of a result
 * @param lowest decade: an axis from -2 begins at 0.01
 * @param highest decade, at which it ends
 */
public record Axis<T>(String title, ToDoubleFunction<? super T> number, int lowest, int highest) {

    /** How much of the axis belongs to zero. */
    private static final double FOR_ZERO = 0.12;

    /** Where this result stands: 0 is the axis's beginning, 1 its end. */
    double position(T result) {
        return position(number.applyAsDouble(result));
    }

    private double position(double value) {
        if (value < Math.pow(10, lowest)) {
            return 0;
        }
        double share = (Math.log10(value) - lowest) / (highest - lowest);
        return FOR_ZERO + (1 - FOR_ZERO) * Math.min(1, share);
    }

    /** Marks along the axis, from left to right. */
    List<Tick> ticks() {
        List<Tick> ticks = new ArrayList<>();
        ticks.add(new Tick(0, "0"));
        for (int decade = lowest; decade <= highest; decade++) {
            double value = Math.pow(10, decade);
            String text = decade < 0
                    ? String.format(Locale.ROOT, "%." + -decade + "f", value)
                    : Integer.toString((int) value);
            ticks.add(new Tick(position(value), text));
        }
        return ticks;
    }

    /** This result's number, for a reader. */
    String text(T result) {
        return String.format(Locale.ROOT, "%.4g", number.applyAsDouble(result));
    }

    /**
     * A mark.
     *
     * @param position 0 to 1
     * @param text beside it
     */
    record Tick(double position, String text) {}
}
