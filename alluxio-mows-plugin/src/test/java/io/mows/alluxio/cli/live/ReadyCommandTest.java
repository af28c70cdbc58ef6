// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.exception.status.InvalidArgumentException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.CommandRun;
import io.mows.alluxio.cli.cluster.FakeCluster;
import io.mows.alluxio.cli.cluster.WorkerMetrics;
import io.mows.alluxio.cli.output.Json;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ReadyCommandTest {
  private final FakeCluster cluster =
      new FakeCluster().metrics(WorkerMetrics.silent("w1", ""), WorkerMetrics.silent("w2", ""));
  private final Deque<String> answers = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private long nowMs;

  private JsonNode answer(String worker, String query) throws IOException {
    asked.add(worker + " " + query);
    String answer = answers.size() > 1 ? answers.poll() : answers.peek();
    if (answer.startsWith("!")) {
      throw new IOException(answer.substring(1));
    }
    return Json.parse(answer);
  }

  private CommandRun run(String... arguments) throws Exception {
    return CommandRun.of(
        (out, err) ->
            new ReadyCommand(
                () -> cluster,
                this::answer,
                out,
                err,
                () -> TimeUnit.MILLISECONDS.toNanos(nowMs),
                ms -> nowMs += ms),
        arguments);
  }

  private static String not(double percent) {
    return "{\"ready\":false,\"percent\":" + percent + ",\"reason\":\"some is missing\"}";
  }

  private static final String READY = "{\"ready\":true,\"path\":\"/m/a\",\"percent\":100.0}";

  @Test
  void shouldWaitForTheWorkerOfThisNode() throws Exception {
    answers.addAll(List.of(not(10.0), not(20.0), READY));
    CommandRun run = run("/m/a");
    assertEquals(0, run.exitCode(), run::err);
    assertEquals(
        "not ready, 10.0 %: some is missing\n/m/a is ready: 100.0 % in memory\n", run.out());
    assertTrue(asked.get(0).startsWith("w1:"), asked.get(0));
    assertTrue(asked.get(0).endsWith(" ready?path=%2Fm%2Fa&percent=100"), asked.get(0));
    assertEquals(2_000, nowMs);
  }

  @Test
  void shouldPassOnWhatIsWanted() throws Exception {
    answers.add(READY);
    run(
        "alluxio://master:19998/m/a/",
        "--percent",
        "50",
        "--worker",
        "w2",
        "--wanted",
        "--unproven");
    assertTrue(asked.get(0).startsWith("w2:"), asked.get(0));
    assertTrue(
        asked.get(0).endsWith(" ready?path=%2Fm%2Fa&percent=50&proof=off&files=wanted"),
        asked.get(0));
  }

  @Test
  void shouldEndWhenTheTimeIsOver() throws Exception {
    answers.add(not(10.0));
    CommandRun run = run("/m/a", "--timeout", "30s");
    assertEquals(ReadyCommand.NOT_IN_TIME, run.exitCode());
    assertEquals("not ready, 10.0 %: some is missing\n", run.err());
    assertEquals(30_000, nowMs);
  }

  @Test
  void shouldAskOnceWithoutATimeout() throws Exception {
    answers.add(not(10.0));
    assertEquals(ReadyCommand.NOT_IN_TIME, run("/m/a", "--timeout", "0s").exitCode());
    assertEquals(1, asked.size());
  }

  @Test
  void shouldWaitForAWorkerThatStarts() throws Exception {
    answers.addAll(List.of("!Connection refused", READY));
    assertEquals(0, run("/m/a").exitCode());
  }

  @Test
  void shouldSayThatItCannotBeFoundOut() throws Exception {
    answers.add("!Connection refused");
    CommandRun run = run("/m/a", "--timeout", "3s");
    assertEquals(1, run.exitCode());
    assertEquals("Connection refused\n", run.err());
    run = run("/m/a", "--timeout", "3s", "--worker", "no-such-host.invalid");
    assertEquals(1, run.exitCode());
    assertEquals("The master lists no worker on no-such-host.invalid\n", run.err());
  }

  @Test
  void shouldRefuseOtherArguments() {
    assertThrows(InvalidArgumentException.class, () -> run());
    assertThrows(InvalidArgumentException.class, () -> run("m/a"));
    assertThrows(InvalidArgumentException.class, () -> run("/m/a", "--percent", "101"));
    assertThrows(InvalidArgumentException.class, () -> run("/m/a", "--timeout", "soon"));
  }
}
