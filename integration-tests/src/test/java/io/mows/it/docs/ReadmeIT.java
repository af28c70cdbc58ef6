// SPDX-License-Identifier: Apache-2.0
package io.mows.it.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.model.SyntheticModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's commands on a cluster such as it describes, in its words and its order. */
final class ReadmeIT {
  private static final long MODEL_BYTES = 8L << 20;
  private static final int INSTANCE = 0;
  private static final int WARMUP = 1;

  @TempDir private Path bucket;

  @Test
  void shouldDoWhatTheReadmeSays() throws Exception {
    assumeTrue(hasGetfattr(), "getfattr is not installed: apt-get install attr");
    List<String> commands =
        ReadmeCommands.of(ReadmeCommands.readme()).stream()
            .filter(command -> ReadmeCommands.ON_A_CLUSTER.stream().anyMatch(command::startsWith))
            .collect(Collectors.toList());
    SyntheticModel.write(bucket.resolve("models/llama"), MODEL_BYTES, 2, 1);
    ClusterConfig config =
        ClusterConfig.builder()
            .workers(2)
            .workerProperty(WARMUP, "alluxio.mows.role", "warmup")
            .firstCompilerOnly(true)
            .dropInJar(Build.dropInJar())
            .origin(OriginConfig.serving(bucket))
            .jobServers(false)
            .build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      for (String command : commands) {
        run(cluster.worker(INSTANCE), command);
      }
    }
    assertTrue(commands.size() >= 6, () -> "only these were run: " + commands);
  }

  private static void run(WorkerNode worker, String command) throws Exception {
    String here =
        command
            // The README mounts /models, this cluster mounts /.
            .replace("/mnt/models", worker.mountPoint().resolve("models").toString())
            .replace("/mnt/ramdisk", worker.memoryDir().toString());
    List<String> words = new ArrayList<>(List.of(here.split(" +")));
    if (words.get(0).equals("alluxio")) {
      words.remove(0);
      CliResult result = worker.cli(words.toArray(new String[0]));
      assertEquals(0, result.exitCode(), () -> command + ": " + result);
      return;
    }
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), command);
    assertEquals(0, process.exitValue(), () -> here + ": " + output);
    if (words.get(0).equals("getfattr")) {
      assertTrue(output.contains("user.mows.held_bytes"), output);
    }
  }

  /** In CI it is there, or this fails. */
  private static boolean hasGetfattr() throws Exception {
    if (System.getenv("CI") != null) {
      return true;
    }
    Process which =
        new ProcessBuilder("sh", "-c", "command -v getfattr")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return which.waitFor(1, TimeUnit.MINUTES) && which.exitValue() == 0;
  }
}
