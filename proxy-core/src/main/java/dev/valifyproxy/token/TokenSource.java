package dev.valifyproxy.token;

import java.util.concurrent.CompletionStage;

/**
 * Where tokens come from. The proxy ships the OAuth 2.0 password grant; an embedder may bring another.
 *
 * <p>{@link #mint()} sends exactly one request and never blocks. Its stage completes once, on any thread, and always with a
 * {@link MintOutcome}: a failure is an outcome, not an exception.
 */
@FunctionalInterface
public interface TokenSource {

    /** Asks for one token. The token's lifetime counts from the moment of this call. */
    CompletionStage<MintOutcome> mint();
}
