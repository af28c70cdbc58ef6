// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import io.mows.p2p.locator.protocol.LocatorEntry.Departure;
import io.mows.p2p.locator.protocol.LocatorTransport;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Asks workers that were passed over as hosts, every {@link #EVERY_MS}, whether they host the
 * directory by now. For one thread, the executor's.
 */
final class HostProbe {
  static final long EVERY_MS = 10_000;

  private final LocatorHosting hosting;
  private final Executor loop;
  private final Consumer<WorkerRef> answers;
  private final byte[] entry;
  private final Map<WorkerRef, LocatorTransport> asked = new HashMap<>();
  private long dueMs;

  /**
   * @param nobody an id that no peer has
   * @param answers told, on the loop, who hosts the directory
   */
  HostProbe(LocatorHosting hosting, Executor loop, String nobody, Consumer<WorkerRef> answers) {
    this.hosting = hosting;
    this.loop = loop;
    this.answers = answers;
    // It changes nothing, and is answered only by who can still write its log.
    this.entry = new Departure(nobody, 0).toBytes();
  }

  /** Asks those that are not being asked, if it is time to. */
  void probe(Set<WorkerRef> silent, long nowMs) {
    if (silent.isEmpty() || nowMs < dueMs) {
      return;
    }
    dueMs = nowMs + EVERY_MS;
    for (WorkerRef worker : silent) {
      asked.computeIfAbsent(worker, this::ask);
    }
  }

  private LocatorTransport ask(WorkerRef worker) {
    LocatorTransport transport = hosting.connect(worker.locatorAddress());
    // As a task: an answer may be there before the question is noted.
    transport
        .write(entry)
        .whenComplete((reply, error) -> loop.execute(() -> end(worker, error == null)));
    return transport;
  }

  private void end(WorkerRef worker, boolean isHost) {
    LocatorTransport transport = asked.remove(worker);
    if (transport == null) {
      return;
    }
    transport.close();
    if (isHost) {
      answers.accept(worker);
    }
  }

  /** Stops asking. */
  void close() {
    asked.values().forEach(LocatorTransport::close);
    asked.clear();
  }
}
