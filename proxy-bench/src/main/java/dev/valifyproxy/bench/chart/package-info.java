/** Plots as SVG: what the simulator and the load generator draw of their results. */
@NullMarked
package dev.valifyproxy.bench.chart;

import org.jspecify.annotations.NullMarked;
