// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.exception.status.InvalidArgumentException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.CommandRun;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WarmupCommandTest {
  private final FakeWarmupCluster cluster = new FakeWarmupCluster();
  private boolean terminal;
  private long nowNs;

  private CommandRun run(String... arguments) throws Exception {
    return CommandRun.of(
        (out, err) ->
            new WarmupCommand(
                () -> cluster,
                out,
                err,
                terminal,
                () -> nowNs,
                ms -> nowNs += TimeUnit.MILLISECONDS.toNanos(ms)),
        arguments);
  }

  private WarmupJob job() {
    assertEquals(1, cluster.jobs.size());
    return cluster.jobs.values().iterator().next();
  }

  @Test
  void shouldSubmitForTheWarmupWorkersAndReturnAtOnce() throws Exception {
    CommandRun run = run("/models/llama/");
    assertEquals(0, run.exitCode(), run::err);
    assertEquals("role warmup", job().target().toString());
    assertEquals(1, job().replicas());
    assertFalse(job().isPinned());
    assertEquals("[/models/llama]", job().paths().toString());
    assertTrue(run.out().contains(job().id()), run::out);
    assertTrue(cluster.isClosed);
  }

  @Test
  void shouldTakeAllOptions() throws Exception {
    cluster.add(3, PeerRole.INSTANCE);
    CommandRun run =
        run("/models/a", "--group", "chat", "--replicas", "2", "--pin", "--bandwidth", "8MB");
    assertEquals(0, run.exitCode(), run::err);
    assertEquals("group chat", job().target().toString());
    assertEquals(2, job().replicas());
    assertTrue(job().isPinned());
    assertEquals(8 << 20, job().bytesPerSecond());
    assertEquals("pin /models/a", cluster.done.get(0));
    run("/models/b", "--all", "--replicas", "all");
    assertTrue(cluster.jobs.values().stream().anyMatch(j -> j.replicas() == WarmupJob.EVERYWHERE));
  }

  @Test
  void shouldTakeOneFormatAndSayWhatItLeavesOut() throws Exception {
    cluster.names =
        List.of("a.Q4_K_M.gguf", "a.Q8_0.gguf", "config.json", "model.safetensors", "x.bin");
    CommandRun run = run("/models/m", "--only", "gguf:q4_k_m", "--pin");
    assertEquals(0, run.exitCode(), run::err);
    assertEquals(2, job().files().size());
    assertEquals("[/models/m/a.Q4_K_M.gguf, /models/m/config.json]", job().paths().toString());
    assertEquals("pin /models/m/a.Q4_K_M.gguf", cluster.done.get(0));
    assertTrue(run.out().contains("Left out: 3 files, 12.00MB (--only gguf:q4_k_m)"), run::out);
    assertTrue(run.out().contains("/models/m/model.safetensors 4096.00KB"), run::out);
    run("/models/m", "--only", "gguf:Q8_0");
    assertEquals(2, cluster.jobs.size(), "another quant is another job");
    CommandRun json = run("/models/m", "--only", "safetensors", "--json");
    assertTrue(json.err().contains("Left out: 3 files"), json::err);
  }

  @Test
  void shouldSayThatNothingIsLeft() throws Exception {
    cluster.names = List.of("a.Q4_K_M.gguf", "config.json");
    CommandRun run = run("/models/m", "--only", "safetensors");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("/models/m/a.Q4_K_M.gguf"), run::err);
    assertEquals(0, cluster.jobs.size());
  }

  @Test
  void shouldBeTheSameJobWhenItIsSubmittedTwice() throws Exception {
    run("/models/a");
    run("/models/a", "--bandwidth", "1MB");
    assertEquals(1 << 20, job().bytesPerSecond());
  }

  @Test
  void shouldWaitUntilEveryByteIsThere() throws Exception {
    CommandRun run = run("/models/a", "--wait");
    assertEquals(0, run.exitCode(), run::err);
    assertTrue(run.out().contains("100.0 %"), run::out);
    assertFalse(run.out().contains("\r"), "a file is no terminal");
  }

  @Test
  void shouldDrawABarOnATerminal() throws Exception {
    terminal = true;
    CommandRun run = run("/models/a", "--wait");
    assertTrue(run.out().contains("\r[=======                       ] 25.0 %"), run::out);
    assertTrue(run.out().contains("\r[==============================] 100.0 %"), run::out);
  }

  @Test
  void shouldGiveUpWaitingWhenItFailsForLong() throws Exception {
    cluster.lastBlock = 3;
    cluster.failure = "the origin is on fire";
    CommandRun run = run("/models/a", "--wait");
    assertEquals(3, run.exitCode());
    assertTrue(run.err().contains("/models/a: the origin is on fire"), run::err);
    assertTrue(nowNs >= TimeUnit.SECONDS.toNanos(30), "too soon");
  }

  @Test
  void shouldGiveUpWaitingForALocatorThatIsSilent() throws Exception {
    run("/models/a");
    cluster.silent = true;
    assertEquals(1, run("/models/a", "--wait").exitCode());
  }

  @Test
  void shouldShowProgressAndItsExitCode() throws Exception {
    run("/models/a");
    String id = job().id();
    cluster.loadedBlocks = 2;
    CommandRun half = run("--progress", id, "--json");
    assertEquals(2, half.exitCode());
    JsonNode json = half.json();
    assertEquals(2 * FakeWarmupCluster.BLOCK_BYTES, json.path("presentBytes").asLong());
    assertEquals("RUNNING", json.path("state").asText());
    assertEquals(2, json.path("etaSeconds").asInt());
    assertEquals("/models/a/a", json.at("/files/0/path").asText());
    assertEquals("worker-1", json.at("/workers/0/worker").asText());
    cluster.loadedBlocks = 4;
    CommandRun all = run("--progress", id);
    assertEquals(0, all.exitCode());
    assertTrue(all.out().contains("COMPLETE: 100.0 %"), all::out);
  }

  @Test
  void shouldListStopAndForget() throws Exception {
    run("/models/a");
    String id = job().id();
    CommandRun list = run("--list");
    assertTrue(list.out().contains(id) && list.out().contains("/models/a"), list::out);
    assertEquals(1, run("--list", "--json").json().path("jobs").size());
    assertEquals(0, run("--stop", id).exitCode());
    assertEquals("stop " + id, cluster.done.get(1));
    assertEquals(1, run("--stop", "nothing").exitCode());
  }

  @Test
  void shouldEndJobsAndFreeWhatIsEvicted() throws Exception {
    run("/models/a/b");
    String id = job().id();
    assertEquals(0, run("--evict", "/models/a").exitCode());
    assertEquals("remove " + id, cluster.done.get(1));
    assertEquals("evict /models/a", cluster.done.get(2));
    run("/models/other");
    run("--evict", "/models/o");
    assertEquals(1, cluster.jobs.size(), "a job for something else goes on");
  }

  @Test
  void shouldSayThatNoWorkerIsMeantOrTooFew() throws Exception {
    CommandRun none = run("/models/a", "--group", "search");
    assertEquals(1, none.exitCode());
    assertTrue(none.err().contains("group search"), none::err);
    CommandRun few = run("/models/a", "--replicas", "5");
    assertEquals(1, few.exitCode());
    assertTrue(few.err().contains("only 1 workers"), few::err);
    assertEquals(1, run("/nowhere").exitCode());
    assertTrue(cluster.done.isEmpty(), () -> "done: " + cluster.done);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "relative",
        "/m --list",
        "/m --role instance",
        "/m --group a --all",
        "/m --replicas 0",
        "/m --replicas many",
        "/m --bandwidth fast",
        "/m --only safetensor",
        "--evict models",
        "--list --stop x"
      })
  void shouldRefuseWhatMakesNoSense(String arguments) {
    String[] split = arguments.isEmpty() ? new String[0] : arguments.split(" ");
    assertThrows(InvalidArgumentException.class, () -> run(split));
  }
}
