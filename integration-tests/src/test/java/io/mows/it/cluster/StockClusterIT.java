// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of real, stock Alluxio processes on loopback addresses. */
final class StockClusterIT {
  private static final long SEED = 20261121L;
  private static final int FILE_BYTES = 3_000_000;

  @TempDir Path root;

  @Test
  void shouldServeFilesThroughMountAndCommandLineAndSurviveRestarts() throws Exception {
    byte[] content = randomBytes(FILE_BYTES);
    Files.createDirectories(root.resolve("model"));
    Files.write(root.resolve("model/weights.bin"), content);
    Files.write(root.resolve("model/other.bin"), content);
    Files.writeString(root.resolve("model/config.json"), "{\"layers\": 32}\n");
    List<String> progress = new ArrayList<>();
    Instance instance;
    long startNs = System.nanoTime();
    try (LocalCluster cluster = LocalCluster.start(config().progress(progress::add).build())) {
      System.out.printf("started in %.1f s%n", (System.nanoTime() - startNs) / 1e9);
      instance = cluster.instance();
      assertEquals(4, cluster.liveProcesses().size(), "master, job master, worker, job worker");

      shouldReadThroughMount(cluster, content);
      CliResult cat = cluster.cli("fs", "cat", "/model/config.json");
      assertEquals(0, cat.exitCode(), cat.toString());
      assertEquals("{\"layers\": 32}\n", cat.output());

      shouldLoadIntoWorker(cluster);
      shouldKeepBlocksAcrossRestart(cluster, content);
      shouldComeBackAfterKill9(cluster, content);
    }
    Leftovers.assertNone(instance);
    assertArrayEquals(
        content, Files.readAllBytes(root.resolve("model/weights.bin")), "the given root stays");
  }

  private static void shouldReadThroughMount(LocalCluster cluster, byte[] content)
      throws IOException {
    Path mounted = cluster.worker(0).mountPoint();
    assertArrayEquals(content, Files.readAllBytes(mounted.resolve("model/weights.bin")));
    assertTrue(Mounts.isMountPoint(mounted), "read from a mount, not from a directory");
  }

  private static void shouldLoadIntoWorker(LocalCluster cluster) throws IOException {
    CliResult load = cluster.cli("fs", "load", "/model/other.bin");
    assertTrue(load.succeeded(), load.toString());
    assertTrue(load.output().contains("/model/other.bin loaded"), load.toString());
    assertTrue(inAlluxio(cluster), "the whole file is in the worker's memory");
    assertTrue(cluster.worker(0).metrics().value("Worker.BytesReadPerUfs") >= FILE_BYTES);
  }

  private static void shouldKeepBlocksAcrossRestart(LocalCluster cluster, byte[] content)
      throws IOException {
    long pid = cluster.worker(0).pid();
    cluster.worker(0).restart();
    assertFalse(pid == cluster.worker(0).pid());
    assertTrue(inAlluxio(cluster), "the memory tier outlives the process");
    shouldReadThroughMount(cluster, content);
  }

  private static void shouldComeBackAfterKill9(LocalCluster cluster, byte[] content)
      throws IOException {
    WorkerNode worker = cluster.worker(0);
    worker.kill9();
    assertFalse(worker.isAlive());
    assertThrows(
        IOException.class,
        () -> Files.readAllBytes(worker.mountPoint().resolve("model/weights.bin")),
        "the mount of a dead worker is dead");
    worker.restart();
    shouldReadThroughMount(cluster, content);
  }

  @Test
  void shouldRunWithoutMountAndSayWhyWhenThereIsNoFuseDevice() throws Exception {
    Files.writeString(root.resolve("file"), "content\n");
    List<String> progress = new ArrayList<>();
    ClusterConfig config =
        config()
            .jobServers(false)
            .fuseDevice(Path.of("/dev/no-such-fuse"))
            .progress(progress::add)
            .build();
    Instance instance;
    try (LocalCluster cluster = LocalCluster.start(config)) {
      instance = cluster.instance();
      assertEquals(2, cluster.liveProcesses().size(), "master and worker");
      assertFalse(cluster.worker(0).mounts());
      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> cluster.worker(0).mountPoint());
      assertTrue(e.getMessage().contains("/dev/no-such-fuse does not exist"), e.getMessage());
      assertTrue(progress.toString().contains("/dev/no-such-fuse"), progress.toString());
      assertEquals("content\n", cluster.cli("fs", "cat", "/file").output());
    }
    Leftovers.assertNone(instance);
  }

  @Test
  void shouldSayWhatFailedAndLeaveNothingButItsLogs() throws Exception {
    Path logs = Files.createDirectory(root.resolve("logs"));
    ClusterConfig config =
        config().property("alluxio.master.metastore", "no-such-store").logsDir(logs).build();
    IOException e = assertThrows(IOException.class, () -> LocalCluster.start(config));
    assertTrue(e.getMessage().contains("MetastoreType"), e.getMessage());
    assertTrue(e.getMessage().contains(logs.toString()), e.getMessage());
    assertTrue(Files.exists(logs.resolve("master-master.log")));
    try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
      assertEquals(0, children.count(), "child processes");
    }
  }

  @Test
  void shouldClearWhatKilledProcessLeft() throws Exception {
    // A process that is killed cannot clean up; what it leaves is an unlocked number whose
    // directory, mounts and processes exist.
    Instance dead = Instance.acquire();
    Mounts.mountTmpfs(dead.dir().resolve("memory"), 1 << 20);
    Process orphan =
        new ProcessBuilder("sh", "-c", "sleep 600 & wait", Cleaner.marker(dead)).start();
    Namespaces.create(dead);
    assertEquals(1, Cleaner.processes(dead).size());
    dead.close();

    try (Instance next = Instance.acquire()) {
      assertFalse(orphan.isAlive(), "the orphan was killed");
      assertEquals(List.of(), Mounts.below(dead.dir().resolve("memory")));
      assertFalse(Commands.run("ip", "netns", "list").contains(dead.name() + "-"));
      next.clear();
    }
  }

  private ClusterConfig.Builder config() {
    return ClusterConfig.builder().firstCompilerOnly(true).localRoot(root).ramdiskBytes(64L << 20);
  }

  private static boolean inAlluxio(LocalCluster cluster) throws IOException {
    String stat = cluster.cli("fs", "stat", "/model/other.bin").output();
    return stat.contains("inAlluxioPercentage=100");
  }

  private static byte[] randomBytes(int count) {
    System.out.println("seed " + SEED);
    byte[] bytes = new byte[count];
    new Random(SEED).nextBytes(bytes);
    return bytes;
  }
}
