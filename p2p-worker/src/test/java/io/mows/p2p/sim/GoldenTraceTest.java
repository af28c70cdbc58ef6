// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Compares what the swarm does, event by event, with what it did when somebody last looked: a
 * change that is to change no decision keeps every hash. A change that means to decide otherwise
 * writes them anew.
 */
final class GoldenTraceTest {
  private static final Path FILE = Path.of("src", "test", "resources", "golden-traces.txt");
  private static final String WRITE = "mows.golden.write";
  private static final String COMMAND =
      "mvn -q test -P '!has-tests' -pl p2p-worker -am -Dtest=GoldenTraceTest -D"
          + WRITE
          + "=true -Dsurefire.failIfNoSpecifiedTests=false";

  private static final String HEADER =
      "# What the swarm does in simulated time: scenario, peers, seed and a hash of every event.\n"
          + "# GoldenTraceTest compares. Written by: "
          + COMMAND
          + "\n";

  private static final String SEPARATOR = " | ";
  private static final int[] SIZES = {8, 24};
  private static final long[] SEEDS = {1, 2};
  private static final int PIECES = 64;

  @Test
  void shouldDecideAsBefore() throws IOException {
    Map<String, String> traces = traces();
    if (Boolean.getBoolean(WRITE)) {
      write(traces);
    }
    Map<String, String> golden = read();
    List<String> changed = new ArrayList<>();
    traces.forEach(
        (run, hash) -> {
          if (!hash.equals(golden.get(run))) {
            changed.add(run + ": was " + golden.get(run) + ", is " + hash);
          }
        });
    assertEquals(
        List.of(),
        changed,
        () ->
            "The swarm does something else than before in "
                + changed.size()
                + " of "
                + traces.size()
                + " simulated runs. If the change was to alter no decision, it did. If it was, say"
                + " in the commit which and what integration-tests/bin/swarm-sim gives now, and"
                + " write the hashes anew: "
                + COMMAND);
    assertEquals(traces.keySet(), golden.keySet(), () -> "Runs of " + FILE + "; see " + COMMAND);
  }

  private static Map<String, String> traces() {
    Map<String, String> traces = new TreeMap<>();
    for (String name : SwarmSimMain.scenarios().keySet()) {
      for (int nodes : SIZES) {
        for (long seed : SEEDS) {
          SimResult result = new SimWorld(SwarmSimMain.scenario(name, nodes, PIECES, seed)).run();
          traces.put(
              String.join(
                  SEPARATOR, name, String.format(Locale.ROOT, "%2d", nodes), Long.toString(seed)),
              String.format(Locale.ROOT, "%016x", result.traceHash));
        }
      }
    }
    return traces;
  }

  private static void write(Map<String, String> traces) throws IOException {
    StringBuilder text = new StringBuilder(HEADER);
    traces.forEach((run, hash) -> text.append(run).append(SEPARATOR).append(hash).append('\n'));
    Files.writeString(FILE, text);
  }

  private static Map<String, String> read() throws IOException {
    Map<String, String> golden = new TreeMap<>();
    for (String line : Files.readAllLines(FILE)) {
      if (!line.startsWith("#")) {
        int hash = line.lastIndexOf(SEPARATOR);
        golden.put(line.substring(0, hash), line.substring(hash + SEPARATOR.length()));
      }
    }
    return golden;
  }
}
