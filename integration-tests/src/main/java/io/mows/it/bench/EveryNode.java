// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One task on every node, all begun at the same moment, each on a thread of its own. The threads do
 * not keep the JVM alive: one that hangs in a dead mount is left behind.
 */
final class EveryNode {
  private final Map<Integer, CompletableFuture<Outcome>> tasks = new LinkedHashMap<>();
  private long startNs;

  private EveryNode() {}

  /** What one node does. */
  interface Task {
    void run(int node) throws Exception;
  }

  /** How a node's task ended. Immutable. */
  static final class Outcome {
    private final double seconds;
    private final String problem;
    private final boolean late;

    private Outcome(double seconds, String problem, boolean late) {
      this.seconds = seconds;
      this.problem = problem;
      this.late = late;
    }

    /** From the common beginning to the end of this node's task. */
    double seconds() {
      return seconds;
    }

    /** Why the task failed; empty if it did not. */
    String problem() {
      return problem;
    }

    /** Whether that is because it was not done in time. */
    boolean isLate() {
      return late;
    }
  }

  /** Begins and returns at once. */
  static EveryNode start(Collection<Integer> nodes, Task task) {
    EveryNode all = new EveryNode();
    CountDownLatch begin = new CountDownLatch(1);
    for (int node : nodes) {
      CompletableFuture<Outcome> ended = new CompletableFuture<>();
      all.tasks.put(node, ended);
      Thread thread = new Thread(() -> all.run(node, task, begin, ended), "node-" + node);
      thread.setDaemon(true);
      thread.start();
    }
    all.startNs = System.nanoTime();
    begin.countDown();
    return all;
  }

  private void run(int node, Task task, CountDownLatch begin, CompletableFuture<Outcome> ended) {
    String problem = "";
    try {
      begin.await();
      task.run(node);
    } catch (Exception e) {
      problem = e.toString();
    }
    ended.complete(new Outcome((System.nanoTime() - startNs) / 1e9, problem, false));
  }

  /** Waits for all; see {@link #await(Collection, Duration)}. */
  Map<Integer, Outcome> await(Duration timeout) throws InterruptedException {
    return await(tasks.keySet(), timeout);
  }

  /**
   * Waits for some of the nodes.
   *
   * @param timeout since the beginning; a node that takes longer has failed
   */
  Map<Integer, Outcome> await(Collection<Integer> nodes, Duration timeout)
      throws InterruptedException {
    Map<Integer, Outcome> outcomes = new LinkedHashMap<>();
    for (int node : nodes) {
      long leftNs = Math.max(0, timeout.toNanos() - (System.nanoTime() - startNs));
      try {
        outcomes.put(node, tasks.get(node).get(leftNs, TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        String problem = "not done after " + timeout.toMillis() / 1e3 + " s";
        outcomes.put(node, new Outcome(timeout.toNanos() / 1e9, problem, true));
      } catch (ExecutionException e) {
        throw new IllegalStateException("a task's outcome is never an exception", e);
      }
    }
    return outcomes;
  }

  /**
   * Seconds of the slowest.
   *
   * @throws IOException if any has failed
   */
  static double slowest(Map<Integer, Outcome> outcomes) throws IOException {
    Map<Integer, String> problems = problems(outcomes);
    if (!problems.isEmpty()) {
      throw new IOException("Nodes failed: " + problems);
    }
    return outcomes.values().stream().mapToDouble(Outcome::seconds).max().orElseThrow();
  }

  /** The problems of all that failed, by node; empty if none did. */
  static Map<Integer, String> problems(Map<Integer, Outcome> outcomes) {
    Map<Integer, String> problems = new LinkedHashMap<>();
    outcomes.forEach(
        (node, outcome) -> {
          if (!outcome.problem().isEmpty()) {
            problems.put(node, outcome.problem());
          }
        });
    return problems;
  }
}
