package dev.valifyproxy.server.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.valifyproxy.config.ProfileConfig;
import dev.valifyproxy.config.ProxyConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HelmChartTest {
    private static final Path CHART = Path.of("..", "helm", "valify-proxy");
    private static final String OLDEST_KUBERNETES = "1.23.0";

    @Test
    void lint_finds_no_error() {
        LintResult result = new Helm(CHART).lint().strict().call();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @Test
    void each_object_carries_the_recommended_labels() throws IOException {
        List<JsonNode> objects = render(withSecret());

        assertThat(objects)
                .extracting(object -> object.path("kind").asText())
                .containsExactlyInAnyOrder("ServiceAccount", "ConfigMap", "Service", "Service", "Deployment");
        assertThat(objects).allSatisfy(object -> {
            JsonNode labels = object.at("/metadata/labels");
            assertThat(labels.path("app.kubernetes.io/name").asText()).isEqualTo("valify-proxy");
            assertThat(labels.path("app.kubernetes.io/instance").asText()).isEqualTo("kyc");
            assertThat(labels.path("app.kubernetes.io/managed-by").asText()).isEqualTo("Helm");
            assertThat(labels.has("app.kubernetes.io/version")).isTrue();
            assertThat(labels.has("helm.sh/chart")).isTrue();
        });
    }

    @Test
    void without_a_secret_the_chart_fails_and_says_how_to_make_one() {
        assertThatThrownBy(() -> template().call())
                .hasMessageContaining("existingSecret must name a Secret")
                .hasMessageContaining("kubectl -n ekyc create secret generic valify-credentials --from-file=username");
    }

    @ParameterizedTest
    @CsvSource({
        "replicaz, 2",
        "image.tagg, 1.0",
        "image.tag, latest",
        "service.port, 0",
        "valify.baseUrl, https://valify.example/api",
        "shutdown.drainSeconds, 30 s"
    })
    void a_value_that_the_schema_does_not_know_or_allow_is_refused(String name, String value) {
        assertThatThrownBy(() -> withSecret().set(name, value).call())
                .hasMessageContaining("don't meet the specifications of the schema");
    }

    @Test
    void the_pod_may_do_nothing_but_run_the_program() throws IOException {
        JsonNode pod = pod(withSecret());
        JsonNode container = pod.at("/containers/0");

        assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(10001);
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                .isFalse();
        assertThat(container.at("/securityContext/capabilities/drop/0").asText())
                .isEqualTo("ALL");
    }

    @Test
    void probes_ask_the_admin_port_since_each_call_to_the_other_one_is_paid_for() throws IOException {
        JsonNode container = pod(withSecret()).at("/containers/0");

        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
        assertThat(container.at("/livenessProbe/httpGet/port").asText()).isEqualTo("metrics");
        assertThat(container.at("/readinessProbe/httpGet/port").asText()).isEqualTo("metrics");
        assertThat(ports(container)).isEqualTo(Map.of("http", 8080, "metrics", 9090));
        assertThat(environment(container))
                .containsEntry("PROXY_PORT", "8080")
                .containsEntry("PROXY_ADMIN_PORT", "9090");
    }

    @Test
    void credentials_reach_the_program_as_files_of_the_named_secret() throws IOException {
        JsonNode pod = pod(withSecret().set("secretKeys.clientSecret", "CLIENT_SECRET"));

        assertThat(environment(pod.at("/containers/0")))
                .containsEntry("VALIFY_USERNAME_FILE", "/run/secrets/valify/username")
                .containsEntry("VALIFY_PASSWORD_FILE", "/run/secrets/valify/password")
                .containsEntry("VALIFY_CLIENT_ID_FILE", "/run/secrets/valify/client-id")
                .containsEntry("VALIFY_CLIENT_SECRET_FILE", "/run/secrets/valify/client-secret");
        JsonNode secret = named("credentials", pod.path("volumes")).path("secret");
        assertThat(secret.path("secretName").asText()).isEqualTo("valify-credentials");
        assertThat(items(secret))
                .containsExactly(
                        "username → username",
                        "password → password",
                        "client-id → client-id",
                        "CLIENT_SECRET → client-secret");
        JsonNode mount = named("credentials", pod.at("/containers/0/volumeMounts"));
        assertThat(mount.path("mountPath").asText()).isEqualTo("/run/secrets/valify");
        assertThat(mount.has("subPath"))
                .as("Kubernetes never updates such a mount")
                .isFalse();
    }

    @Test
    void each_profile_has_the_credentials_of_a_secret_of_its_own() throws IOException {
        List<JsonNode> objects = render(withProfile(withSecret()).set("secretKeys.username", "USER"));

        JsonNode secret =
                named("credentials-of-staging", pod(objects).path("volumes")).path("secret");
        assertThat(secret.path("secretName").asText()).isEqualTo("valify-staging");
        assertThat(items(secret))
                .containsExactly(
                        "USER → username",
                        "PASSWORD → password",
                        "client-id → client-id",
                        "client-secret → client-secret");
        Path mount = Path.of(named("credentials-of-staging", pod(objects).at("/containers/0/volumeMounts"))
                .path("mountPath")
                .asText());
        Config staging = configuration(objects).getConfig("profiles.staging");
        assertThat(staging.getString("match.host")).isEqualTo("stage.local");
        assertThat(List.of("username", "password", "client-id", "client-secret"))
                .allSatisfy(key -> assertThat(Path.of(staging.getString("token." + key + "-file")))
                        .isEqualTo(mount.resolve(key)));
        assertThat(environment(pod(objects).at("/containers/0"))).containsKey("VALIFY_USERNAME_FILE");
    }

    @Test
    void the_program_takes_the_configuration_of_a_profile() throws IOException {
        Config program = ConfigFactory.empty()
                .withValue(
                        "valify-proxy",
                        configuration(render(withProfile(template()))).root());
        Config texts = ConfigFactory.parseString("""
                valify-proxy.profiles.staging.token {
                  username = u, password = p, client-id = i, client-secret = s
                  username-file = null, password-file = null, client-id-file = null, client-secret-file = null
                }""");

        assertThat(ProxyConfig.from(texts.withFallback(program)).profiles())
                .extracting(ProfileConfig::name)
                .containsExactly("staging");
    }

    @Test
    void where_every_account_is_a_profile_no_other_secret_is_asked_for() throws IOException {
        JsonNode pod = pod(withProfile(template()));

        assertThat(environment(pod.at("/containers/0")).keySet()).noneMatch(name -> name.endsWith("_FILE"));
        assertThat(pod.path("volumes"))
                .extracting(volume -> volume.path("name").asText())
                .containsExactly("config", "credentials-of-staging", "tmp");
    }

    @ParameterizedTest
    @CsvSource({"profiles.default.config, a", "profiles.Staging.config, a", "profiles.staging.config, match.host = a"})
    void a_profile_of_a_reserved_or_unusable_name_or_without_a_secret_is_refused(String name, String value) {
        assertThatThrownBy(() -> withSecret().set(name, value).call())
                .hasMessageContaining("don't meet the specifications of the schema");
    }

    @Test
    void the_url_of_an_egress_proxy_may_come_from_a_secret() throws IOException {
        JsonNode container = pod(withSecret()
                        .set("extraEnv[0].name", "HTTPS_PROXY")
                        .set("extraEnv[0].valueFrom.secretKeyRef.name", "egress-proxy")
                        .set("extraEnv[0].valueFrom.secretKeyRef.key", "url")
                        .set("extraEnv[1].name", "NO_PROXY")
                        .set("extraEnv[1].value", ".cluster.local"))
                .at("/containers/0");

        assertThat(environment(container))
                .containsEntry("NO_PROXY", ".cluster.local")
                .containsKey("VALIFY_PASSWORD_FILE");
        JsonNode proxy = named("HTTPS_PROXY", container.path("env"));
        assertThat(proxy.at("/valueFrom/secretKeyRef/name").asText()).isEqualTo("egress-proxy");
        assertThat(proxy.at("/valueFrom/secretKeyRef/key").asText()).isEqualTo("url");
    }

    @Test
    void the_admin_port_never_leaves_the_cluster_with_the_proxys_service() throws IOException {
        List<JsonNode> services = render(withSecret().set("service.type", "LoadBalancer")).stream()
                .filter(object -> object.path("kind").asText().equals("Service"))
                .toList();

        assertThat(services)
                .extracting(service -> service.at("/metadata/name").asText() + " "
                        + service.at("/spec/type").asText() + " " + ports(service.path("spec")))
                .containsExactlyInAnyOrder(
                        "kyc-valify-proxy LoadBalancer {http=8080}",
                        "kyc-valify-proxy-metrics ClusterIP {metrics=9090}");
    }

    @Test
    void a_pod_is_given_more_time_to_end_than_the_program_takes() throws IOException {
        TemplateCommand chart =
                withSecret().set("shutdown.drainDelaySeconds", 7).set("shutdown.drainSeconds", 50);
        List<JsonNode> objects = render(chart);
        Config program = configuration(objects);

        Duration longest = program.getDuration("server.drain-delay").plus(program.getDuration("timeouts.drain"));
        assertThat(longest).isEqualTo(Duration.ofSeconds(57));
        assertThat(pod(objects).path("terminationGracePeriodSeconds").asLong()).isGreaterThan(longest.toSeconds());
    }

    @Test
    void configuration_of_ones_own_is_added_and_starts_new_pods() throws IOException {
        List<JsonNode> before = render(withSecret());
        List<JsonNode> after = render(withSecret().set("config", "valify-proxy { token { max-uses = 1 } }"));

        assertThat(configuration(before).hasPath("token.max-uses")).isFalse();
        assertThat(configuration(after).getInt("token.max-uses")).isEqualTo(1);
        assertThat(configuration(after).hasPath("timeouts.drain")).isTrue();
        assertThat(configurationChecksum(after)).isNotEqualTo(configurationChecksum(before));
    }

    private static TemplateCommand template() {
        return new Helm(CHART)
                .template()
                .withKubeVersion(OLDEST_KUBERNETES)
                .withName("kyc")
                .withNamespace("ekyc");
    }

    private static TemplateCommand withSecret() {
        return template().set("existingSecret", "valify-credentials");
    }

    private static TemplateCommand withProfile(TemplateCommand chart) {
        return chart.set("profiles.staging.existingSecret", "valify-staging")
                .set("profiles.staging.secretKeys.password", "PASSWORD")
                .set("profiles.staging.config", "match.host = stage.local");
    }

    private static List<String> items(JsonNode secret) {
        List<String> items = new ArrayList<>();
        secret.path("items")
                .forEach(item -> items.add(
                        item.path("key").asText() + " → " + item.path("path").asText()));
        return items;
    }

    private static List<JsonNode> render(TemplateCommand template) throws IOException {
        try (MappingIterator<JsonNode> documents =
                new YAMLMapper().readerFor(JsonNode.class).readValues(template.call())) {
            return documents.readAll();
        }
    }

    private static JsonNode pod(TemplateCommand template) throws IOException {
        return pod(render(template));
    }

    private static JsonNode pod(List<JsonNode> objects) {
        return only("Deployment", objects).at("/spec/template/spec");
    }

    private static Config configuration(List<JsonNode> objects) {
        String text = only("ConfigMap", objects).at("/data/application.conf").asText();
        return ConfigFactory.parseString(text).getConfig("valify-proxy");
    }

    private static String configurationChecksum(List<JsonNode> objects) {
        return only("Deployment", objects)
                .at("/spec/template/metadata/annotations/checksum~1config")
                .asText();
    }

    private static JsonNode only(String kind, List<JsonNode> objects) {
        List<JsonNode> found = objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static JsonNode named(String name, JsonNode list) {
        for (JsonNode item : list) {
            if (item.path("name").asText().equals(name)) {
                return item;
            }
        }
        throw new AssertionError("no " + name + " in " + list);
    }

    private static Map<String, Integer> ports(JsonNode parent) {
        Map<String, Integer> ports = new TreeMap<>();
        for (JsonNode port : parent.path("ports")) {
            ports.put(
                    port.path("name").asText(),
                    port.path("containerPort").asInt(port.path("port").asInt()));
        }
        return ports;
    }

    private static Map<String, String> environment(JsonNode container) {
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode variable : container.path("env")) {
            environment.put(
                    variable.path("name").asText(), variable.path("value").asText());
        }
        return environment;
    }
}
