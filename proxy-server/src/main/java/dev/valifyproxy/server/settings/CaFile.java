package dev.valifyproxy.server.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.valifyproxy.config.Problems;

/** {@code upstream.ca-file}: the library takes certificates as text, so the program puts the file's text in its place. */
final class CaFile {

    private static final String FILE = ConfigLoader.ROOT + ".upstream.ca-file";
    private static final String TEXT = ConfigLoader.ROOT + ".upstream.ca-certificates";
    private static final int MAX_BYTES = 1 << 20;

    private CaFile() {}

    /** The configuration with the file's text, if it names one; a file that cannot be read is reported. */
    static Config readInto(Config config, Problems problems) {
        if (!config.hasPath(FILE)) {
            return config;
        }
        ConfigValue file = config.getValue(FILE);
        String prefix = FILE + " (" + file.origin().description() + "): ";
        if (config.hasPath(TEXT)) {
            problems.add(FILE, prefix + "must be null beside upstream.ca-certificates: set one of them");
            return config;
        }
        if (!(file.unwrapped() instanceof String path)) {
            problems.add(FILE, prefix + "must be the path of a file");
            return config;
        }
        try {
            ConfigValue text = ConfigValueFactory.fromAnyRef(TextFile.read(path, MAX_BYTES), "the file " + path);
            return config.withValue(FILE, ConfigValueFactory.fromAnyRef(null)).withValue(TEXT, text);
        } catch (UnreadableFileException e) {
            problems.add(FILE, prefix + e.getMessage());
            return config;
        }
    }
}
