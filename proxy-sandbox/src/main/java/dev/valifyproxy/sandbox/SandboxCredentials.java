package dev.valifyproxy.sandbox;

/** What the token endpoint expects. Never printed, since a user may have given the sandbox real ones. */
public record SandboxCredentials(String username, String password, String clientId, String clientSecret) {
    /** Made-up credentials, full of characters that do not survive careless form encoding. */
    public static final SandboxCredentials DEMO =
            new SandboxCredentials("demo@bank.example", "p#a@s&s+w%d", "Zk3vT9qLw0aXn7Rb5uYc", "s3c;r=e/t?+%2B \"ü");

    @Override
    public String toString() {
        return "SandboxCredentials[***]";
    }
}
