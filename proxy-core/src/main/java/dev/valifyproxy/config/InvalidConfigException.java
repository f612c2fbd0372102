package dev.valifyproxy.config;

import java.util.List;

/** A configuration that cannot be used. Tells every problem at once, and no secret. */
public final class InvalidConfigException extends RuntimeException {

    private final List<String> problems;

    /**
     * For a configuration with these problems.
     *
     * @param problems one sentence each; at least one
     */
    public InvalidConfigException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence each: the key, its value unless secret, where that stands, and what would be right. */
    public List<String> problems() {
        return problems;
    }
}
