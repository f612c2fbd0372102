package dev.valifyproxy.http;

/** The token that the local token path hands to clients in place of a real one; calls may carry it, it is never sent upstream. */
public final class Placeholder {

    /** How it begins. A mint that brings one has asked a valify-proxy. */
    public static final String PREFIX = "valify-proxy-placeholder-";

    private Placeholder() {}
}
