package dev.valifyproxy.injection;

import dev.valifyproxy.token.TokenLease;
import io.netty.handler.codec.http.HttpRequest;

/**
 * A call's head, written once more after its token was rejected: it goes out with a token minted after that, and its answer is final.
 *
 * @param head the head, as on the first try
 * @param rejected the lease of the first try
 */
public record SecondTry(HttpRequest head, TokenLease rejected) {}
