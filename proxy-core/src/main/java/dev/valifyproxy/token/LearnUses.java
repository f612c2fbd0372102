package dev.valifyproxy.token;

/** What is made of the {@code trials_remaining} that an answer tells; {@code token.learn-uses}. */
public enum LearnUses {
    /** Answers are not looked at. */
    OFF,
    /** Where the upstream and {@code token.max-uses} disagree is counted. */
    OBSERVE,
    /** New tokens serve as many calls as the upstream says, never more than {@code token.max-uses}. */
    ADAPT
}
