package dev.valifyproxy.server.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.valifyproxy.config.Problems;
import java.nio.file.Path;
import java.util.List;

/**
 * The keys that name a file, at the top and in each profile. The library takes text, so the program puts the file's text in its place,
 * under the key without {@code -file}.
 */
final class FileKeys {

    private static final int MAX_CERTIFICATES_BYTES = 1 << 20;

    private static final List<FileKey> ALL = List.of(
            new FileKey("upstream.ca-file", "upstream.ca-certificates", false),
            new FileKey("token.username-file", "token.username", true),
            new FileKey("token.password-file", "token.password", true),
            new FileKey("token.client-id-file", "token.client-id", true),
            new FileKey("token.client-secret-file", "token.client-secret", true));

    /**
     * One row of the table.
     *
     * @param file the key that names a file
     * @param text the key that its text is for
     * @param secret whether that is a credential
     */
    private record FileKey(String file, String text, boolean secret) {

        String read(String path) throws UnreadableFileException {
            return secret ? SecretFile.read(path) : TextFile.read(path, MAX_CERTIFICATES_BYTES);
        }
    }

    private final Problems problems;
    private final List<Path> secretFiles;

    private FileKeys(Problems problems, List<Path> secretFiles) {
        this.problems = problems;
        this.secretFiles = secretFiles;
    }

    /**
     * The configuration with the texts of the files that it names; one that cannot be read is reported.
     *
     * @param secretFiles the files that hold credentials are added here
     */
    static Config readInto(Config config, Problems problems, List<Path> secretFiles) {
        FileKeys keys = new FileKeys(problems, secretFiles);
        Config whole = config;
        for (String place : ConfigLoader.places(config)) {
            for (FileKey key : ALL) {
                whole = keys.readInto(whole, place, key);
            }
        }
        return whole;
    }

    private Config readInto(Config config, String place, FileKey key) {
        String file = place + "." + key.file();
        String text = place + "." + key.text();
        if (!config.hasPath(file)) {
            return config;
        }
        ConfigValue name = config.getValue(file);
        Config others = config.withValue(file, ConfigValueFactory.fromAnyRef(null));
        if (config.hasPath(text)) {
            problems.add(
                    text,
                    text + ": " + key.text() + inParentheses(config.getValue(text)) + " and " + key.file()
                            + inParentheses(name) + " are both set: must be one of them");
            return others;
        }
        if (!(name.unwrapped() instanceof String path)) {
            problems.add(text, file + inParentheses(name) + ": must be the path of a file");
            return others;
        }
        try {
            ConfigValue content = ConfigValueFactory.fromAnyRef(key.read(path), "the file " + path);
            if (key.secret()) {
                secretFiles.add(Path.of(path));
            }
            return others.withValue(text, content);
        } catch (UnreadableFileException e) {
            problems.add(text, file + inParentheses(name) + ": " + e.getMessage());
            return others;
        }
    }

    private static String inParentheses(ConfigValue value) {
        return " (" + value.origin().description() + ")";
    }
}
