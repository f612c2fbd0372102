package dev.valifyproxy.injection;

import java.util.List;

/**
 * When an answer counts as the refusal of a token; section {@code token.rejection}.
 *
 * @param rules the signs of a refusal, any of which will do
 * @param never prefixes of paths, in whole segments, whose answers are never judged, since they may speak of a token in the call's own body
 */
public record RejectionSettings(List<RejectionRule> rules, List<String> never) {}
