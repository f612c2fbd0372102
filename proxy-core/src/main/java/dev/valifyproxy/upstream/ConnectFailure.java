package dev.valifyproxy.upstream;

import dev.valifyproxy.http.Failure;

/** Why there is no connection to the upstream, and whose doing that is. */
record ConnectFailure(By by, Failure failure) {

    /** Who could not be reached, or refused. */
    enum By {
        UPSTREAM("it", "its"),
        EGRESS_PROXY("the egress proxy", "the egress proxy's");

        private final String subject;
        private final String possessive;

        By(String subject, String possessive) {
            this.subject = subject;
            this.possessive = possessive;
        }

        /** As the sentence "The upstream cannot be reached: …" names it. */
        String subject() {
            return subject;
        }

        /** The same, before what is its own. */
        String possessive() {
            return possessive;
        }
    }
}
