package dev.valifyproxy.server.admin;

import java.util.List;

/** The formats in which meters are shown, and the choice between them by {@code Accept} (RFC 9110 §12.5.1). */
enum ExpositionFormat {
    /** Prometheus text 0.0.4: what every scraper reads. */
    TEXT("text/plain", "0.0.4"),
    /** OpenMetrics 1.0.0. */
    OPEN_METRICS("application/openmetrics-text", "1.0.0");

    private final String mediaType;
    private final String version;

    ExpositionFormat(String mediaType, String version) {
        this.mediaType = mediaType;
        this.version = version;
    }

    /** The value of {@code Content-Type}. */
    String contentType() {
        return mediaType + "; version=" + version + "; charset=utf-8";
    }

    /** OpenMetrics where it is liked better; else text, also for who accepts neither: it is better than a 406. */
    static ExpositionFormat preferred(List<String> accept) {
        List<MediaRange> ranges = accept.stream().flatMap(MediaRange::parse).toList();
        return OPEN_METRICS.quality(ranges) > TEXT.quality(ranges) ? OPEN_METRICS : TEXT;
    }

    /** That of the most specific range that holds it, 0 if none does. */
    private double quality(List<MediaRange> ranges) {
        double quality = 0;
        int best = 0;
        for (MediaRange range : ranges) {
            int specificity = range.specificity(mediaType, version);
            if (specificity > best) {
                best = specificity;
                quality = range.quality();
            }
        }
        return quality;
    }
}
