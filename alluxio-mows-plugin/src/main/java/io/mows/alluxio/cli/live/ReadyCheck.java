// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import alluxio.wire.WorkerInfo;
import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.cluster.Cluster;
import io.mows.alluxio.master.WebAddress;
import io.mows.p2p.thread.Futures;
import java.io.IOException;
import java.util.Optional;

/** Asks the worker on a host whether a model is ready. */
final class ReadyCheck {
  private final WorkerApi api;
  private final String query;

  ReadyCheck(WorkerApi api, String query) {
    this.api = api;
    this.query = query;
  }

  /** Whatever is missing may come: workers start, too. */
  Answer ask(Cluster cluster, String host) {
    try {
      Optional<WorkerInfo> worker = LocalWorker.find(cluster.workers(), host);
      if (worker.isEmpty()) {
        return Answer.none("The master lists no worker on " + host);
      }
      JsonNode json = api.get(WebAddress.of(worker.get().getAddress()), query);
      boolean isReady = json.path("ready").asBoolean();
      String percent = json.path("percent").asText() + " %";
      String reason = json.path("reason").asText();
      return new Answer(
          isReady,
          true,
          isReady
              ? json.path("path").asText() + " is ready: " + percent + " in memory"
              : "not ready, " + percent + ": " + reason);
    } catch (IOException e) {
      return Answer.none(Futures.reasonOf(e));
    }
  }

  /** What a worker has said, or why it has not. Immutable. */
  static final class Answer {
    private final boolean isReady;
    private final boolean isAnswered;
    private final String text;

    private Answer(boolean isReady, boolean isAnswered, String text) {
      this.isReady = isReady;
      this.isAnswered = isAnswered;
      this.text = text;
    }

    boolean isReady() {
      return isReady;
    }

    /** False if no worker has said anything. */
    boolean isAnswered() {
      return isAnswered;
    }

    /** For people. */
    String text() {
      return text;
    }

    private static Answer none(String why) {
      return new Answer(false, false, why);
    }
  }
}
