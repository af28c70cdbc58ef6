// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.mows.alluxio.cli.live.ReadyCommand;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.junit.jupiter.api.Test;

/** The templates for Kubernetes: what they name exists, in Kubernetes and in each other. */
final class KubernetesTemplatesTest {
  private static final String READY = "kubernetes-model-ready.yaml";
  private static final String WORKER = "kubernetes-worker.yaml";

  private static List<JsonNode> documents(String template) throws IOException {
    return KubernetesModel.documents(SourceTree.file("conf-templates/" + template));
  }

  @Test
  void shouldNameOnlyFieldsThatKubernetesHas() throws IOException {
    for (String template : List.of(READY, WORKER)) {
      for (JsonNode document : documents(template)) {
        assertEquals(List.of(), KubernetesModel.unknown(document), template);
      }
    }
  }

  private static PodSpec engine() throws IOException {
    return KubernetesModel.read(documents(READY).get(0), Deployment.class)
        .getSpec()
        .getTemplate()
        .getSpec();
  }

  private static Container worker() throws IOException {
    return KubernetesModel.read(documents(WORKER).get(0), DaemonSet.class)
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .get(0);
  }

  @Test
  void shouldWaitWithACommandThatExists() throws Exception {
    List<String> arguments = engine().getInitContainers().get(0).getArgs();
    assertEquals(List.of("fs", "mows", "ready"), arguments.subList(0, 3));
    ReadyCommand command = new ReadyCommand(null, null, null, null, null, null);
    CommandLine line =
        command.parseAndValidateArgs(arguments.subList(3, arguments.size()).toArray(new String[0]));
    assertEquals("$(NODE)", line.getOptionValue("worker"), "as the worker is registered");
    assertTrue(
        worker().getEnv().stream()
            .anyMatch(
                env ->
                    env.getValue() != null
                        && env.getValue().contains("-Dalluxio.worker.hostname=$(NODE)")));
    assertEquals(
        worker().getImage(), engine().getInitContainers().get(0).getImage(), "it has the command");
  }

  @Test
  void shouldProbeAPathAndAPortThatExist() throws IOException {
    DaemonSet patch = KubernetesModel.read(documents(READY).get(1), DaemonSet.class);
    DaemonSet workers = KubernetesModel.read(documents(WORKER).get(0), DaemonSet.class);
    assertEquals(workers.getMetadata().getName(), patch.getMetadata().getName());
    Container patched = patch.getSpec().getTemplate().getSpec().getContainers().get(0);
    assertEquals(worker().getName(), patched.getName());
    Probe probe = patched.getReadinessProbe();
    assertEquals("/mows/ready?path=/models/llama", probe.getHttpGet().getPath());
    String port = probe.getHttpGet().getPort().getStrVal();
    assertEquals(
        30000,
        worker().getPorts().stream()
            .filter(known -> known.getName().equals(port))
            .findFirst()
            .orElseThrow()
            .getContainerPort());
    String command =
        String.join(
            " ", engine().getContainers().get(0).getReadinessProbe().getExec().getCommand());
    assertTrue(command.contains("$NODE:30000/mows/ready?path=/models/llama"), command);
  }

  @Test
  void shouldReadWhatTheWorkerMounts() throws IOException {
    PodSpec engine = engine();
    assertEquals(
        "HostToContainer",
        engine.getContainers().get(0).getVolumeMounts().get(0).getMountPropagation());
    assertEquals("/mnt/models", engine.getVolumes().get(0).getHostPath().getPath());
    assertTrue(
        worker().getEnv().stream()
            .anyMatch(
                env ->
                    env.getValue() != null
                        && env.getValue().contains("-Dalluxio.fuse.mount.point=/mnt/models/fuse")));
  }
}
