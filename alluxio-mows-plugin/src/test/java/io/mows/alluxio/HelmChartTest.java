// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.conf.AlluxioProperties;
import alluxio.conf.InstancedConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.conf.Source;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mows.alluxio.conf.MowsConf;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the chart renders, as it was agreed to: integration-tests/bin/test-chart compares it with
 * what helm says now.
 */
final class HelmChartTest {
  private static final String CHART = "conf-templates/helm/alluxio-mows/";
  private static final String GOLDEN = "alluxio-mows-plugin/src/test/resources/helm/golden";

  private static List<Path> rendered() throws IOException {
    List<Path> files = SourceTree.files(GOLDEN);
    assertTrue(files.size() >= 3, files::toString);
    return files;
  }

  @ParameterizedTest
  @MethodSource("rendered")
  void shouldNameOnlyFieldsThatKubernetesHas(Path file) throws IOException {
    for (JsonNode document : KubernetesModel.documents(file)) {
      String kind = document.path("kind").asText();
      if (!kind.equals("ServiceMonitor")) {
        assertTrue(KubernetesModel.isKnown(document), kind);
        assertEquals(List.of(), KubernetesModel.unknown(document), kind);
      }
    }
  }

  @Test
  void shouldNoticeAFieldThatKubernetesDoesNotHave() throws IOException {
    JsonNode document =
        KubernetesModel.documents(
                "kind: StatefulSet\nspec:\n  template:\n    spec:\n      containers:\n"
                    + "        - name: worker\n          startupPrope:\n            tcpSocket:\n"
                    + "              port: rpc\n")
            .get(0);
    assertEquals(
        List.of(".spec.template.spec.containers[0].startupPrope"),
        KubernetesModel.unknown(document));
  }

  @ParameterizedTest
  @MethodSource("rendered")
  void shouldSetOnlyPropertiesThatExistAndAWorkerAccepts(Path file) throws IOException {
    for (Map.Entry<String, Properties> site : sites(file).entrySet()) {
      InstancedConfiguration conf = new InstancedConfiguration(new AlluxioProperties());
      site.getValue()
          .forEach(
              (key, value) -> {
                String name = key.toString();
                assertTrue(ConfTemplatesTest.isKey(name), name);
                PropertyKey property = PropertyKey.getOrBuildCustom(name);
                // Its files are in the container.
                if (!name.startsWith("alluxio.mows.security.")) {
                  conf.set(property, property.parseValue(value.toString()), Source.RUNTIME);
                }
              });
      String role = site.getKey().equals("warmup.properties") ? "WARMUP" : "INSTANCE";
      assertEquals(role, MowsConf.read(conf).role().toString());
    }
  }

  @ParameterizedTest
  @MethodSource("rendered")
  void shouldFitAllMemoryIntoTheLimit(Path file) throws IOException {
    for (PodTemplateSpec pod : pods(file)) {
      Container worker = worker(pod);
      Quantity limit = worker.getResources().getLimits().get("memory");
      assertEquals(limit, worker.getResources().getRequests().get("memory"));
      String java = env(worker, "ALLUXIO_WORKER_JAVA_OPTS");
      BigDecimal tmpfs =
          Quantity.getAmountInBytes(volume(pod, "memory").getEmptyDir().getSizeLimit());
      BigDecimal sum =
          tmpfs.add(mib(java, "-Xmx(\\d+)m")).add(mib(java, "MaxDirectMemorySize=(\\d+)m"));
      assertTrue(Quantity.getAmountInBytes(limit).compareTo(sum) > 0, () -> limit + " for " + sum);
      BigDecimal models =
          mib(site(file, worker).getProperty("alluxio.worker.ramdisk.size"), "^(\\d+)MB$");
      assertTrue(tmpfs.compareTo(models) > 0, () -> tmpfs + " for " + models);
    }
  }

  @ParameterizedTest
  @MethodSource("rendered")
  void shouldStartWithTheJarAndTheOptionsOfTheBuild(Path file) throws IOException {
    for (PodTemplateSpec pod : pods(file)) {
      Container worker = worker(pod);
      String jar = env(worker, "ALLUXIO_CLASSPATH");
      assertEquals("/opt/mows/" + ConfTemplatesTest.jarName(), jar);
      assertTrue(env(worker, "ALLUXIO_WORKER_JAVA_OPTS").contains("-cp " + jar + ":"));
      for (String open : ConfTemplatesTest.addOpensOfTheBuild()) {
        assertTrue(env(worker, "ALLUXIO_JAVA_OPTS").contains(open), open);
      }
      String memory = site(file, worker).getProperty("alluxio.worker.tieredstore.level0.dirs.path");
      assertEquals(memory, env(worker, "ALLUXIO_RAM_FOLDER"), "Alluxio's script overrides it");
      assertEquals(memory, mount(worker, "memory").getMountPath());
    }
  }

  @ParameterizedTest
  @MethodSource("rendered")
  void shouldMountWhatItNamesAndProbeWhatThereIs(Path file) throws IOException {
    for (PodTemplateSpec pod : pods(file)) {
      Container worker = worker(pod);
      Set<String> volumes =
          pod.getSpec().getVolumes().stream().map(Volume::getName).collect(toSet());
      claims(file).forEach(volumes::add);
      for (VolumeMount mount : worker.getVolumeMounts()) {
        assertTrue(volumes.contains(mount.getName()), mount::toString);
      }
      Set<String> ports = worker.getPorts().stream().map(ContainerPort::getName).collect(toSet());
      for (Probe probe :
          List.of(
              worker.getStartupProbe(), worker.getReadinessProbe(), worker.getLivenessProbe())) {
        if (probe.getTcpSocket() != null) {
          assertTrue(ports.contains(probe.getTcpSocket().getPort().getStrVal()));
        } else if (probe.getHttpGet() != null) {
          assertEquals("web", probe.getHttpGet().getPort().getStrVal());
          assertTrue(probe.getHttpGet().getPath().matches("/mows/ready\\?path=/.+"));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rendered")
  void shouldHandItsMountToTheNodeAndWaitForIt(Path file) throws IOException {
    PodTemplateSpec pod = daemonSet(file).getSpec().getTemplate();
    Container worker = worker(pod);
    VolumeMount mount = mount(worker, "mount");
    assertEquals("Bidirectional", mount.getMountPropagation());
    assertTrue(worker.getSecurityContext().getPrivileged(), "else nobody sees the mount");
    String mountPoint = site(file, worker).getProperty("alluxio.fuse.mount.point");
    assertEquals(mount.getMountPath() + "/fuse", mountPoint);
    assertEquals(mount.getMountPath(), volume(pod, "mount").getHostPath().getPath());
    String startup = String.join(" ", worker.getStartupProbe().getExec().getCommand());
    assertTrue(startup.contains("grep -q ' " + mountPoint + " fuse' /proc/self/mounts"), startup);
  }

  @ParameterizedTest
  @MethodSource("rendered")
  void shouldSelectThePodsThatItMakes(Path file) throws IOException {
    List<Map<String, String>> labels = new ArrayList<>();
    DaemonSet daemonSet = daemonSet(file);
    labels.add(daemonSet.getSpec().getTemplate().getMetadata().getLabels());
    assertTrue(isIn(daemonSet.getSpec().getSelector().getMatchLabels(), labels.get(0)));
    for (StatefulSet set : all(file, "StatefulSet", StatefulSet.class)) {
      Map<String, String> ofPods = set.getSpec().getTemplate().getMetadata().getLabels();
      assertTrue(isIn(set.getSpec().getSelector().getMatchLabels(), ofPods));
      assertTrue(!isIn(daemonSet.getSpec().getSelector().getMatchLabels(), ofPods), "two owners");
      labels.add(ofPods);
    }
    Set<String> ports =
        worker(daemonSet.getSpec().getTemplate()).getPorts().stream()
            .map(ContainerPort::getName)
            .collect(toSet());
    for (Service service : all(file, "Service", Service.class)) {
      assertTrue(
          labels.stream().anyMatch(pod -> isIn(service.getSpec().getSelector(), pod)),
          service::toString);
      service
          .getSpec()
          .getPorts()
          .forEach(port -> assertTrue(ports.contains(port.getTargetPort().getStrVal())));
    }
    for (JsonNode monitor : KubernetesModel.documents(file)) {
      if (monitor.path("kind").asText().equals("ServiceMonitor")) {
        checkMonitor(file, monitor);
      }
    }
  }

  private static void checkMonitor(Path file, JsonNode monitor) throws IOException {
    Map<String, String> selector = new TreeMap<>();
    monitor
        .at("/spec/selector/matchLabels")
        .fields()
        .forEachRemaining(label -> selector.put(label.getKey(), label.getValue().asText()));
    List<Service> services =
        all(file, "Service", Service.class).stream()
            .filter(service -> isIn(selector, service.getMetadata().getLabels()))
            .collect(toList());
    assertEquals(1, services.size(), "each worker is asked once");
    assertEquals(
        services.get(0).getSpec().getPorts().get(0).getName(),
        monitor.at("/spec/endpoints/0/port").asText());
    assertEquals("/metrics/prometheus/", monitor.at("/spec/endpoints/0/path").asText());
  }

  @ParameterizedTest
  @MethodSource("rendered")
  void shouldKeepTheDirectoryOnWorkersThatExist(Path file) throws IOException {
    Set<String> said = new TreeSet<>();
    for (Properties site : sites(file).values()) {
      said.add(site.getProperty("alluxio.mows.locator.addresses"));
    }
    assertEquals(1, said.size(), "the same words on every worker");
    List<StatefulSet> sets = all(file, "StatefulSet", StatefulSet.class);
    if (sets.isEmpty() || sets.get(0).getSpec().getReplicas() < 3) {
      assertEquals(Set.of("auto"), said);
      return;
    }
    String name = sets.get(0).getMetadata().getName();
    assertEquals(name, sets.get(0).getSpec().getServiceName());
    String ending = "." + name + ".models.svc:29990";
    assertEquals(
        Set.of(name + "-0" + ending + "," + name + "-1" + ending + "," + name + "-2" + ending),
        said);
    assertEquals("Parallel", sets.get(0).getSpec().getPodManagementPolicy());
    Container worker = worker(sets.get(0).getSpec().getTemplate());
    assertEquals("$(POD)." + name + ".models.svc", env(worker, "HOST"));
  }

  @Test
  void shouldShowTheDashboardThatIsTested() throws IOException {
    assertEquals(
        Files.readString(SourceTree.file("conf-templates/grafana-dashboard.json")),
        Files.readString(SourceTree.file(CHART + "files/grafana-dashboard.json")));
  }

  @Test
  void shouldNameTheJarAndTheImagesThatTheDockerfileMakes() throws IOException {
    String docker = Files.readString(SourceTree.file("conf-templates/docker/Dockerfile"));
    assertTrue(docker.contains("COPY alluxio-mows-plugin/target/" + ConfTemplatesTest.jarName()));
    JsonNode values = KubernetesModel.documents(SourceTree.file(CHART + "values.yaml")).get(0);
    String worker =
        values.at("/image/repository").asText() + ":" + values.at("/image/tag").asText();
    assertTrue(docker.contains("--target worker -t " + worker + " ."), worker);
    String jar = values.at("/jar/image").asText();
    assertTrue(docker.contains("--target jar -t " + jar + " ."), jar);
    assertEquals(
        ConfTemplatesTest.jarName(), "alluxio-mows-" + values.at("/jar/version").asText() + ".jar");
  }

  private static boolean isIn(Map<String, String> selector, Map<String, String> labels) {
    return labels.entrySet().containsAll(selector.entrySet());
  }

  private static BigDecimal mib(String text, String pattern) {
    Matcher number = Pattern.compile(pattern).matcher(text);
    assertTrue(number.find(), () -> pattern + " in " + text);
    return new BigDecimal(number.group(1)).multiply(BigDecimal.valueOf(1 << 20));
  }

  private static <T extends HasMetadata> List<T> all(Path file, String kind, Class<T> type)
      throws IOException {
    List<T> found = new ArrayList<>();
    for (JsonNode document : KubernetesModel.documents(file)) {
      if (document.path("kind").asText().equals(kind)) {
        found.add(KubernetesModel.read(document, type));
      }
    }
    return found;
  }

  private static DaemonSet daemonSet(Path file) throws IOException {
    return all(file, "DaemonSet", DaemonSet.class).get(0);
  }

  private static List<PodTemplateSpec> pods(Path file) throws IOException {
    List<PodTemplateSpec> pods = new ArrayList<>();
    pods.add(daemonSet(file).getSpec().getTemplate());
    all(file, "StatefulSet", StatefulSet.class)
        .forEach(set -> pods.add(set.getSpec().getTemplate()));
    return pods;
  }

  private static List<String> claims(Path file) throws IOException {
    return all(file, "StatefulSet", StatefulSet.class).stream()
        .flatMap(set -> set.getSpec().getVolumeClaimTemplates().stream())
        .map(claim -> claim.getMetadata().getName())
        .collect(toList());
  }

  private static Container worker(PodTemplateSpec pod) {
    return pod.getSpec().getContainers().get(0);
  }

  private static Volume volume(PodTemplateSpec pod, String name) {
    return pod.getSpec().getVolumes().stream()
        .filter(volume -> volume.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static VolumeMount mount(Container worker, String name) {
    return worker.getVolumeMounts().stream()
        .filter(mount -> mount.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String env(Container worker, String name) {
    return worker.getEnv().stream()
        .filter(env -> env.getName().equals(name))
        .map(EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Properties> sites(Path file) throws IOException {
    Map<String, Properties> sites = new TreeMap<>();
    for (ConfigMap map : all(file, "ConfigMap", ConfigMap.class)) {
      for (Map.Entry<String, String> entry : map.getData().entrySet()) {
        Properties site = new Properties();
        site.load(new StringReader(entry.getValue()));
        sites.put(entry.getKey(), site);
      }
    }
    return sites;
  }

  /** The properties that a container is given. */
  private static Properties site(Path file, Container worker) throws IOException {
    Properties site = sites(file).get(mount(worker, "config").getSubPath());
    assertNotNull(site);
    return site;
  }
}
