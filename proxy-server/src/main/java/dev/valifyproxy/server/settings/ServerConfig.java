package dev.valifyproxy.server.settings;

import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.config.Section;
import dev.valifyproxy.listener.ListenerSettings;
import dev.valifyproxy.server.admin.AdminSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * All that the program is configured by. Immutable; prints no secret.
 *
 * @param proxy the proxy's part
 * @param admin the admin port
 * @param log what is logged
 * @param secretFiles the files that credentials were read from, each once
 */
public record ServerConfig(ProxyConfig proxy, AdminSettings admin, LogSettings log, List<Path> secretFiles) {

    /** Addresses that stand for every address of the machine. */
    private static final Set<String> EVERY = Set.of("0.0.0.0", "::", "[::]");

    public ServerConfig {
        secretFiles = secretFiles.stream().distinct().toList();
    }

    static ServerConfig from(Section root, List<Path> secretFiles) {
        ProxyConfig proxy = ProxyConfig.from(root);
        Section admin = root.section("admin");
        AdminSettings adminSettings = new AdminSettings(admin.stringFrom("bind"), admin.portFrom("port"));
        // Told here, since the port taken by our own other half would be a riddle.
        admin.require(
                !collide(proxy.listener(), adminSettings),
                "port",
                "bind",
                "must differ from server.port, which is the same");
        return new ServerConfig(proxy, adminSettings, LogSettings.from(root.section("log")), secretFiles);
    }

    private static boolean collide(ListenerSettings proxy, AdminSettings admin) {
        boolean sameAddress =
                proxy.bind().equals(admin.bind()) || EVERY.contains(proxy.bind()) || EVERY.contains(admin.bind());
        return sameAddress && proxy.port() == admin.port() && admin.port() != 0;
    }
}
