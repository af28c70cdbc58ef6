// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.exception.status.InvalidArgumentException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DistributedLoadTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final FakeJobs jobs = new FakeJobs();
  private long nowNs;

  /** The master's load jobs; each report is given once, the last one for ever. */
  private static final class FakeJobs implements LoadJobs {
    private final List<String> calls = new ArrayList<>();
    private final Deque<String> reports = new ArrayDeque<>();

    @Override
    public Contents look(String path) {
      calls.add("look " + path);
      return new Contents(3, 5L << 30);
    }

    @Override
    public void submit(String path) {
      calls.add("submit " + path);
    }

    @Override
    public String progress(String path) {
      return reports.size() > 1 ? reports.remove() : reports.element();
    }
  }

  private int run(String... arguments) throws Exception {
    CommandLine line = new DefaultParser().parse(DistributedLoad.options(), arguments);
    DistributedLoad.validate(line);
    return new DistributedLoad(
            jobs, print(out), print(err), () -> nowNs, ms -> nowNs += ms * 10_000_000L)
        .run(line);
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private static String report(String state, long loaded, String more) {
    return "{\"mJobState\":\"" + state + "\",\"mLoadedByteCount\":" + loaded + more + "}";
  }

  /** As Fluid calls it. */
  @Test
  void shouldLoadAndWaitForTheEnd() throws Exception {
    jobs.reports.add(report("RUNNING", 1L << 30, ",\"mTotalByteCount\":" + (5L << 30)));
    jobs.reports.add(report("RUNNING", 2L << 30, ",\"mTotalByteCount\":" + (5L << 30)));
    jobs.reports.add(report("SUCCEEDED", 5L << 30, ""));
    assertEquals(0, run("--replication", "1", "alluxio://master:19998/models/a"));
    assertEquals(List.of("look /models/a", "submit /models/a"), jobs.calls);
    assertEquals(
        "/models/a: 3 files, 5120.00MB\n"
            + "/models/a: 2048.00MB of 5120.00MB loaded\n"
            + "/models/a: 5120.00MB loaded, done\n",
        out.toString(StandardCharsets.UTF_8));
    assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("--replication: not used"));
  }

  @Test
  void shouldSayWhatFailed() throws Exception {
    jobs.reports.add(
        report("FAILED", 10, ",\"mFailedFilesWithReasons\":{\"/models/a/w\":\"it is gone\"}"));
    assertEquals(1, run("/models/a"));
    String said = err.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("FAILED after 10B loaded. /models/a/w: it is gone"), said);
  }

  @Test
  void shouldNotWaitIfSoIsSaid() throws Exception {
    assertEquals(0, run("--async", "/models/a"));
    assertEquals(List.of("look /models/a", "submit /models/a"), jobs.calls);
  }

  @Test
  void shouldLoadWhatAnIndexNames(@TempDir Path directory) throws Exception {
    Path index = Files.writeString(directory.resolve("index"), "/models/a\n\n /models/b \n");
    jobs.reports.add(report("SUCCEEDED", 0, ""));
    assertEquals(0, run("--index", index.toString()));
    assertEquals(
        List.of("look /models/a", "submit /models/a", "look /models/b", "submit /models/b"),
        jobs.calls);
  }

  @Test
  void shouldWantOnePath() {
    assertThrows(InvalidArgumentException.class, () -> run());
    assertThrows(InvalidArgumentException.class, () -> run("/a", "/b"));
    assertThrows(IOException.class, () -> run("--index", "/no/such/file"));
  }
}
