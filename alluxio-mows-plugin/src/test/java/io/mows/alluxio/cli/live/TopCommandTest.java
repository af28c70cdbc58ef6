// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.CommandRun;
import io.mows.alluxio.cli.cluster.FakeCluster;
import io.mows.alluxio.cli.cluster.WorkerMetrics;
import io.mows.alluxio.cli.output.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TopCommandTest {
  private static final String CLUSTER =
      "{'workers':["
          + "{'worker':'w1:30000','answers':true,'group':'chat','capacityBytes':4096,"
          + "'freeBytes':1024,'bytes':{'fromOrigin':2048,'fromPeers':1024,'toPeers':512},"
          + "'bytesPerSecond':{'origin':1024,'peers':2048,'warmup':0}},"
          + "{'worker':'w2:30000','answers':false,'failure':'does not answer'}],"
          + "'modelCount':12,'models':[{'path':'/m/a','files':3,'bytes':1000,'whole':1,'proven':1,"
          + "'arriving':1,'partial':[{'worker':0,'heldBytes':999,'arriving':true,"
          + "'bytesPerSecond':100}]}],"
          + "'loads':[{'worker':0,'model':'/m/a','state':'running','overBound':1.25,"
          + "'limit':'origin'}],"
          + "'flows':[{'from':1,'to':0,'bytes':1024,'bytesPerSecond':2048}],"
          + "'jobs':[{'id':'w-1','state':'RUNNING','permille':500,'bytesPerSecond':1024,"
          + "'endSeconds':7,'paths':['/m/a']}],'jobsCount':1,"
          + "'failingFiles':[{'path':'/m/x','worker':0,'cause':'it is gone'}],"
          + "'failingFilesCount':3,"
          + "'findings':[{'level':'PROBLEM','worker':0,'subject':'memory','found':'full'},"
          + "{'level':'NOTE','worker':0,'subject':'rdma','found':'none'}]}";

  private static JsonNode cluster() throws IOException {
    return Json.parse(CLUSTER.replace('\'', '"'));
  }

  @Test
  void shouldShowEverything() throws Exception {
    assertEquals(
        String.join(
            "\n",
            "MoWS  2 workers (1 silent)  12 models  3072B of 4096B used",
            "now   origin 1024B/s  peers 2048B/s  warm-up -  all 3072B/s",
            "ever  origin 2048B  peers 1024B  warm-up 0B",
            "",
            "  LOADING  WORKER    ARRIVED                    %    RATE  x BOUND  LIMITED BY",
            "  /m/a     w1:30000  [###################.]  99.9  100B/s     1.25  origin",
            "",
            "  MODEL  FILES   SIZE  WHOLE ON  PROVEN ON  ARRIVES ON",
            "  /m/a       3  1000B         1          1           1",
            "  and 2 more",
            "",
            "  FROM      TO            NOW  IN ALL",
            "  w2:30000  w1:30000  2048B/s   1024B",
            "",
            "  WARM-UP  STATE    IN MEMORY                  %     RATE  LEFT  PATHS",
            "  w-1      RUNNING  [##########..........]  50.0  1024B/s   7 s  /m/a",
            "",
            "FAILS /m/x on w1:30000: it is gone",
            "  and 2 more",
            "PROBLEM w1:30000: memory: full",
            "",
            "  WORKER    GROUP   MEMORY                     %  ORIGIN  PEERS  TO PEERS      NOW",
            "  w1:30000  chat    [###############.....]  75.0   2048B  1024B      512B  3072B/s",
            "  w2:30000  SILENT  [....................]   0.0      0B     0B        0B        -"),
        String.join("\n", TopScreen.lines(cluster())));
  }

  @Test
  void shouldFitIntoATerminal() throws Exception {
    List<String> lines = TopScreen.fit(TopScreen.lines(cluster()), 40, 6);
    assertEquals(6, lines.size());
    assertEquals("MoWS  2 workers (1 silent)  12 models  3", lines.get(0));
    assertEquals("19 more lines; 'top --once' prints all", lines.get(5));
    List<String> all = TopScreen.lines(cluster());
    assertEquals(all.size(), TopScreen.fit(all, 200, 60).size(), "no more");
  }

  @Test
  void shouldKnowHowLargeATerminalIs() {
    assertArrayEquals(new int[] {50, 120}, Screen.size("50 120\n"));
    assertArrayEquals(new int[] {24, 80}, Screen.size("0 0\n"));
    assertArrayEquals(new int[] {24, 80}, Screen.size(""));
  }

  @Test
  void shouldDrawOverAndLeaveTheTerminalAsItWas() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Screen screen = new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    screen.draw(List.of("one", "two"));
    screen.close();
    screen.draw(List.of("too late"));
    screen.close();
    assertEquals(
        "^[?1049h^[?25l^[?7l^[Hone^[K\r\ntwo^[K^[J^[?7h^[?25h^[?1049l",
        bytes.toString(StandardCharsets.UTF_8).replace("\u001b", "^"));
  }

  private final FakeCluster workers =
      new FakeCluster().metrics(WorkerMetrics.silent("w0", ""), WorkerMetrics.silent("w1", ""));
  private final List<String> asked = new ArrayList<>();

  private JsonNode answer(String worker, String path) throws IOException {
    asked.add(worker.replaceAll(":.*", "") + " " + path);
    if (worker.startsWith("w1")) {
      throw new IOException("it is a stock worker");
    }
    return cluster();
  }

  private CommandRun run(WorkerApi api, String... arguments) throws Exception {
    return CommandRun.of(
        (out, err) -> new TopCommand(() -> workers, api, out, err, false, ms -> {}), arguments);
  }

  /** The one on this node, w1, is a stock one. */
  @Test
  void shouldPrintOnceWhereNoTerminalIs() throws Exception {
    CommandRun run = run(this::answer);
    assertEquals(0, run.exitCode(), run::err);
    assertEquals(List.of("w1 api/v1/cluster", "w0 api/v1/cluster"), asked);
    assertTrue(run.out().startsWith("MoWS  2 workers"), run.out());
    assertFalse(run.out().contains("\u001b"), "no control characters");
  }

  @Test
  void shouldSayThatNobodyAnswers() throws Exception {
    CommandRun run =
        run(
            (worker, path) -> {
              throw new IOException("it is a stock worker");
            });
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("it is a stock worker"), run.err());
  }
}
