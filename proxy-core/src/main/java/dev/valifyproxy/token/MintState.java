package dev.valifyproxy.token;

/** What the minter makes of the issuer at present. */
public enum MintState {
    /** No mint of these credentials has succeeded or failed yet; one at a time. */
    UNPROVEN,
    /** The last mint to end brought a token. */
    HEALTHY,
    /** Mints fail; one probe at a time, with growing pauses. */
    BACKING_OFF,
    /** The issuer refuses the credentials; rare probes. */
    CREDENTIALS_REFUSED
}
