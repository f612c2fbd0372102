package dev.valifyproxy.sandbox;

import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What a sandbox is like for as long as it runs. What changes while it runs (latencies, faults) is in {@link Faults}.
 *
 * @param usesPerToken calls that a token is good for, at least 1
 * @param useScope what those calls are counted by
 * @param tokenLifetime from the moment a token is generated to its expiry; the token answer tells it in whole seconds
 * @param credentials what a token request must bring
 * @param bundleKeys the bundle keys that service calls may carry
 * @param hmacKey the key of the {@code hmac} header
 * @param largeAnswerBytes size of the {@code data} in the answers of transaction inquiry and fetch-images
 * @param recordedCalls how many of the last requests {@link CallLog} keeps; 0 keeps none, and no body is hashed
 * @param nanoTime the clock of token expiry, as {@link System#nanoTime()}; read from any thread
 */
public record SandboxSettings(
        int usesPerToken,
        UseScope useScope,
        Duration tokenLifetime,
        SandboxCredentials credentials,
        Set<String> bundleKeys,
        String hmacKey,
        int largeAnswerBytes,
        int recordedCalls,
        LongSupplier nanoTime) {
    /** The bundle key that the default settings accept. */
    public static final String DEMO_BUNDLE_KEY = "7f1c9e52-demo-bundle";

    /** The HMAC key of the default settings. */
    public static final String DEMO_HMAC_KEY = "demo-hmac-key";

    public SandboxSettings {
        require(usesPerToken >= 1, "usesPerToken = " + usesPerToken + ": must be at least 1");
        require(tokenLifetime.toSeconds() >= 1, "tokenLifetime = " + tokenLifetime + ": must be at least 1 s");
        require(largeAnswerBytes >= 0, "largeAnswerBytes = " + largeAnswerBytes + ": must not be negative");
        require(recordedCalls >= 0, "recordedCalls = " + recordedCalls + ": must not be negative");
        bundleKeys = Set.copyOf(bundleKeys);
    }

    /** Valify's documented rules: 3 uses of a token, 10 minutes; made-up credentials; 3 MiB large answers. */
    public static SandboxSettings defaults() {
        return new SandboxSettings(
                3,
                UseScope.TOKEN,
                Duration.ofMinutes(10),
                SandboxCredentials.DEMO,
                Set.of(DEMO_BUNDLE_KEY),
                DEMO_HMAC_KEY,
                3 * 1024 * 1024,
                10_000,
                System::nanoTime);
    }

    /** These settings with another number of uses, counted in another scope. */
    public SandboxSettings withUses(int uses, UseScope scope) {
        return new SandboxSettings(
                uses,
                scope,
                tokenLifetime,
                credentials,
                bundleKeys,
                hmacKey,
                largeAnswerBytes,
                recordedCalls,
                nanoTime);
    }

    /** These settings with another lifetime of tokens, measured by another clock. */
    public SandboxSettings withLifetime(Duration lifetime, LongSupplier clock) {
        return new SandboxSettings(
                usesPerToken,
                useScope,
                lifetime,
                credentials,
                bundleKeys,
                hmacKey,
                largeAnswerBytes,
                recordedCalls,
                clock);
    }

    /** These settings with other credentials. */
    public SandboxSettings withCredentials(SandboxCredentials expected) {
        return new SandboxSettings(
                usesPerToken,
                useScope,
                tokenLifetime,
                expected,
                bundleKeys,
                hmacKey,
                largeAnswerBytes,
                recordedCalls,
                nanoTime);
    }

    /** These settings with other keys of a customer: the bundle keys accepted and the key of the {@code hmac} header. */
    public SandboxSettings withKeys(Set<String> bundles, String hmac) {
        return new SandboxSettings(
                usesPerToken,
                useScope,
                tokenLifetime,
                credentials,
                bundles,
                hmac,
                largeAnswerBytes,
                recordedCalls,
                nanoTime);
    }

    /** These settings with another size of large answers. */
    public SandboxSettings withLargeAnswerBytes(int bytes) {
        return new SandboxSettings(
                usesPerToken,
                useScope,
                tokenLifetime,
                credentials,
                bundleKeys,
                hmacKey,
                bytes,
                recordedCalls,
                nanoTime);
    }

    /** These settings with another length of the record of calls. */
    public SandboxSettings withRecordedCalls(int calls) {
        return new SandboxSettings(
                usesPerToken,
                useScope,
                tokenLifetime,
                credentials,
                bundleKeys,
                hmacKey,
                largeAnswerBytes,
                calls,
                nanoTime);
    }

    /** Without the keys: see {@link SandboxCredentials}. */
    @Override
    public String toString() {
        return "SandboxSettings[" + usesPerToken + " uses per " + useScope + ", " + tokenLifetime + "]";
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
