// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.conf.AlluxioProperties;
import alluxio.conf.InstancedConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.conf.Source;
import alluxio.metrics.MetricKey;
import alluxio.metrics.MetricsSystem;
import com.codahale.metrics.Gauge;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.conf.MowsKey;
import io.mows.alluxio.metrics.ChannelMetrics;
import io.mows.alluxio.metrics.LocatorMetrics;
import io.mows.alluxio.metrics.MowsMetrics;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the templates name must exist: Alluxio takes a misspelt key without a word. */
final class ConfTemplatesTest {
  private static final Pattern KEY =
      Pattern.compile("(?<![\\w./-])(?:-D)?((?:alluxio|fs)\\.[a-zA-Z0-9][a-zA-Z0-9.]*[a-zA-Z0-9])");
  private static final Pattern METRIC = Pattern.compile("\\bWorker_\\w+");

  private static final String ADD_OPENS = "--add-opens=java.base/\\S+";

  private static List<Path> templates() throws IOException {
    List<Path> templates = SourceTree.files("conf-templates");
    assertFalse(templates.isEmpty(), "no templates found");
    return templates;
  }

  private static Path template(String name) throws IOException {
    return templates().stream()
        .filter(path -> path.endsWith(name))
        .findFirst()
        .orElseThrow(() -> new IOException("conf-templates/" + name + " is missing"));
  }

  private static List<String> find(Pattern pattern, String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(matcher.groupCount()));
    }
    return found;
  }

  static boolean isKey(String name) {
    if (name.startsWith(MowsKey.PREFIX)) {
      return Arrays.stream(MowsKey.values()).anyMatch(key -> key.key().equals(name));
    }
    return PropertyKey.isValid(name) && PropertyKey.fromString(name).isBuiltIn();
  }

  @Test
  void shouldNameOnlyKeysThatExist() throws IOException {
    int count = 0;
    List<String> unknown = new ArrayList<>();
    for (Path template : templates()) {
      for (String name : find(KEY, Files.readString(template))) {
        count++;
        if (!isKey(name)) {
          unknown.add(template.getFileName() + ": " + name);
        }
      }
    }
    assertEquals(List.of(), unknown, "neither Alluxio nor MoWS has these keys");
    assertTrue(count > 20, "only " + count + " keys found: the pattern does not see them");
  }

  @Test
  void shouldHaveASiteFileForEachRoleThatAWorkerAccepts() throws IOException {
    Map<String, String> roles = new TreeMap<>();
    for (Path template : templates()) {
      String name = template.getFileName().toString();
      if (name.startsWith("alluxio-site")) {
        InstancedConfiguration conf = new InstancedConfiguration(new AlluxioProperties());
        Properties site = new Properties();
        site.load(new StringReader(Files.readString(template)));
        site.forEach(
            (key, value) -> {
              String set = value.toString();
              PropertyKey property = PropertyKey.getOrBuildCustom(key.toString());
              conf.set(property, property.parseValue(set), Source.RUNTIME);
            });
        MowsConf read = MowsConf.read(conf);
        roles.put(name, read.role() + " " + read.preload());
      }
    }
    assertEquals(
        Map.of(
            "alluxio-site.properties", "INSTANCE []",
            "alluxio-site-inference.properties", "INSTANCE []",
            "alluxio-site-warmup.properties", "WARMUP [/models]"),
        roles);
  }

  @Test
  void shouldNoticeAKeyThatDoesNotExist() {
    String template =
        "alluxio.mows.pathes=/\n#alluxio.worker.ramdisk.sice=1GB\n -Dfs.oss.accessKey=x"
            + " alluxio.worker.tieredstore.level0.dirs.path=/m";
    assertEquals(
        List.of("alluxio.mows.pathes", "alluxio.worker.ramdisk.sice", "fs.oss.accessKey"),
        find(KEY, template).stream().filter(name -> !isKey(name)).collect(toList()));
  }

  /** As the Prometheus client spells it. */
  private static String prometheusName(String name) {
    return name.replaceAll("[^a-zA-Z0-9:_]", "_");
  }

  /** The names of all numbers that MoWS measures, as Prometheus spells them. */
  static Set<String> ourMetrics() {
    MowsMetrics metrics = new MowsMetrics();
    metrics.registerFetchesInFlight(() -> 0);
    metrics.registerTimeOverBound();
    metrics.registerOrigin(() -> 0);
    metrics.registerMemory(() -> 0L);
    metrics.registerWarmup(() -> 0, () -> 0);
    ChannelMetrics.register(Optional::empty);
    assertNotNull(new LocatorMetrics());
    Set<String> names = new TreeSet<>(MetricsSystem.METRIC_REGISTRY.getNames());
    // Prometheus does not show what is no number.
    MetricsSystem.METRIC_REGISTRY
        .getGauges((name, gauge) -> !(((Gauge<?>) gauge).getValue() instanceof Number))
        .forEach((name, gauge) -> names.remove(name));
    return names.stream()
        .filter(name -> name.startsWith("Worker.Mows"))
        .map(ConfTemplatesTest::prometheusName)
        .collect(toCollection(TreeSet::new));
  }

  @Test
  void shouldShowOnlyMetricsThatExist() throws IOException {
    Set<String> known = ourMetrics();
    MetricKey.allMetricKeys().forEach(key -> known.add(prometheusName(key.getName())));
    for (Path template : templates()) {
      Set<String> unknown = new TreeSet<>(find(METRIC, Files.readString(template)));
      unknown.removeAll(known);
      assertEquals(Set.of(), unknown, template.getFileName() + " shows what nobody measures");
    }
  }

  @Test
  void shouldShowAllOurMetrics() throws IOException {
    Set<String> unseen = ourMetrics();
    unseen.removeAll(find(METRIC, Files.readString(template("grafana-dashboard.json"))));
    assertEquals(Set.of(), unseen, "grafana-dashboard.json does not show");
  }

  @Test
  void shouldBeADashboardThatGrafanaCanLoad() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(template("grafana-dashboard.json").toFile());
    assertFalse(dashboard.path("title").asText().isEmpty());
    Set<Integer> ids = new TreeSet<>();
    for (JsonNode panel : dashboard.path("panels")) {
      assertTrue(ids.add(panel.path("id").asInt()), () -> "panel id twice: " + panel);
      assertTrue(panel.path("targets").size() > 0, panel::toString);
    }
    assertFalse(ids.isEmpty());
  }

  @Test
  void shouldScrapeTheEndpointThatAlluxioHas() throws IOException {
    for (String name : List.of("prometheus.yml", "kubernetes-worker.yaml")) {
      assertTrue(Files.readString(template(name)).contains("/metrics/prometheus/"), name);
    }
  }

  @Test
  void shouldSetUpTheEnvironmentOfAlluxiosScripts() throws Exception {
    assertEquals(
        "/opt/alluxio/mows/" + jarName(), environment("", "$ALLUXIO_CLASSPATH"), "class path");
    assertEquals(
        "/opt/alluxio/mows/" + jarName() + ":/other.jar",
        environment("ALLUXIO_CLASSPATH=/other.jar;", "$ALLUXIO_CLASSPATH"));
    assertEquals(
        "-Xmx1g " + String.join(" ", addOpensOfTheBuild()),
        environment("ALLUXIO_JAVA_OPTS=-Xmx1g;", "$ALLUXIO_JAVA_OPTS"));
  }

  @Test
  void shouldNameAnArchiveAndJarsOnly() throws Exception {
    String server = "ALLUXIO_ASSEMBLY_SERVER_JAR=/opt/alluxio/assembly/server.jar;";
    String jar = "/opt/alluxio/mows/" + jarName();
    assertEquals(
        "-Xmx8g -XX:SharedArchiveFile=/opt/alluxio/mows/worker.jsa -cp "
            + jar
            + ":/opt/alluxio/assembly/server.jar",
        environment(server + "ALLUXIO_WORKER_JAVA_OPTS=-Xmx8g;", "$ALLUXIO_WORKER_JAVA_OPTS"));
    assertEquals(
        "", environment("", "${ALLUXIO_WORKER_JAVA_OPTS:-}"), "who knows no jar of Alluxio's");
  }

  @Test
  void shouldOpenTheSamePackagesInAContainer() throws IOException {
    String template = Files.readString(template("kubernetes-worker.yaml"));
    assertEquals(addOpensOfTheBuild(), find(Pattern.compile("(" + ADD_OPENS + ")"), template));
    assertTrue(template.contains("/" + jarName()), () -> "the jar is called " + jarName());
  }

  private static String environment(String before, String variable) throws Exception {
    String script =
        "set -eu; ALLUXIO_HOME=/opt/alluxio; "
            + before
            + " . "
            + template("alluxio-env.sh")
            + "; echo \""
            + variable
            + "\"";
    ProcessBuilder bash = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true);
    bash.environment()
        .keySet()
        .removeIf(key -> key.startsWith("ALLUXIO") || key.startsWith("MOWS"));
    Process process = bash.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0, output);
    return output.strip();
  }

  /** What every process of the build that runs Alluxio's code is given. */
  static List<String> addOpensOfTheBuild() throws IOException {
    Matcher args =
        Pattern.compile("<alluxio.jvm.args>(.*)</alluxio.jvm.args>")
            .matcher(Files.readString(pom()));
    assertTrue(args.find(), "alluxio.jvm.args in pom.xml");
    return List.of(args.group(1).split(" "));
  }

  static String jarName() {
    try {
      Matcher version =
          Pattern.compile("<artifactId>mows-parent</artifactId>\\s*<version>([^<]+)</version>")
              .matcher(Files.readString(pom()));
      assertTrue(version.find(), "the version in pom.xml");
      return "alluxio-mows-" + version.group(1) + ".jar";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Path pom() throws IOException {
    return SourceTree.files("").stream()
        .filter(path -> path.endsWith("pom.xml"))
        .findFirst()
        .orElseThrow();
  }
}
