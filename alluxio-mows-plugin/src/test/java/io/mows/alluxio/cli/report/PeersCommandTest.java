// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.exception.status.InvalidArgumentException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.CommandRun;
import io.mows.alluxio.cli.cluster.FakeCluster;
import io.mows.alluxio.locator.FakeLocator;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class PeersCommandTest {
  private final FakeCluster cluster = new FakeCluster();

  private CommandRun run(String... arguments) throws Exception {
    return CommandRun.of((out, err) -> new PeersCommand(() -> cluster, out, err), arguments);
  }

  @Test
  void shouldListPeersAsText() throws Exception {
    cluster.directory(TestModels.directory());
    CommandRun run = run();
    assertEquals(0, run.exitCode(), run::err);
    assertEquals(
        String.join(
            "\n",
            "Locator: w1:29990 (auto), healthy",
            "  PEER  ADDRESS     GROUP  ROLE      FILES       HELD  TO SEND       SENDS  LEASE LEFT",
            "  w1    w1:29991    chat   instance      2  4096.00MB   8.00MB  100.00MB/s        15 s",
            "  w2    w2:29991    chat   instance      2  2560.00MB       0B        0B/s        15 s",
            "  root  root:29991  warm   warmup        2  2816.00MB       0B        0B/s        15 s",
            ""),
        run.out().replace(" 14 s", " 15 s"));
  }

  @Test
  void shouldListPeersAsJson() throws Exception {
    cluster.directory(TestModels.directory());
    JsonNode json = run("--json").json();
    assertEquals("w1:29990", json.at("/locator/where").asText());
    assertEquals("root", json.at("/peers/2/id").asText());
    assertEquals("warmup", json.at("/peers/2/role").asText());
    assertEquals(8 << 20, json.at("/peers/0/outstandingBytes").asInt());
  }

  @Test
  void shouldSayThatThereIsNobody() throws Exception {
    cluster.directory(new FakeLocator("w1:29990"));
    assertTrue(run().out().contains("none"), run().out());
  }

  @Test
  void shouldFailWithoutALocator() throws Exception {
    CommandRun run = run();
    assertEquals(1, run.exitCode());
    assertEquals("The locator (auto) cannot be reached: w1:29990 is silent\n", run.err());
  }

  @Test
  void shouldPassOnThatTheSettingsRuleItOut() {
    assertThrows(
        IOException.class,
        () ->
            CommandRun.of(
                (out, err) ->
                    new PeersCommand(
                        () -> {
                          throw new IOException("off");
                        },
                        out,
                        err)));
  }

  @Test
  void shouldRefuseArguments() {
    assertThrows(InvalidArgumentException.class, () -> run("/models"));
  }
}
