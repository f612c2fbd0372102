package dev.valifyproxy.injection;

import java.util.List;

/**
 * When an answer counts as the refusal of a token; section {@code token.rejection}.
 *
 * @param never path prefixes whose answers are never judged, since they may speak of a token in the call's own body
 */
public record RejectionSettings(List<String> never) {}
