package dev.valifyproxy.bench.soak;

/** What came back to a client for one request. */
sealed interface Reply {

    /**
     * A whole answer.
     *
     * @param closes whether it is the last of its connection
     * @param text the beginning of its body
     */
    record Whole(int status, boolean closes, String text) implements Reply {

        private static final String ERROR = "\"proxy_error\":\"";

        /** The code of the proxy's own error; empty for an answer of the upstream's. */
        String proxyError() {
            int at = text.indexOf(ERROR);
            return at < 0 ? "" : text.substring(at + ERROR.length(), text.indexOf('"', at + ERROR.length()));
        }

        boolean saysNotPerformed() {
            return text.contains("\"performed\":\"no\"");
        }

        boolean refusesToken() {
            return status == 403 && text.contains("specified access_token could not be found");
        }
    }

    /** The connection ended in the middle of an answer; the status is 0 if in its head. */
    record BrokenOff(int status) implements Reply {}

    /** The connection ended before an answer began. */
    record Silence() implements Reply {}

    /** Nothing came in time. */
    record Overdue() implements Reply {}
}
