// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.cli.cluster.Cluster;
import io.mows.alluxio.locator.LocatorAnswer;
import io.mows.p2p.locator.LocatorStatus;
import io.mows.p2p.locator.LocatorStatus.FileStatus;
import io.mows.p2p.locator.LocatorStatus.PeerStatus;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the locator says, or why it says nothing. Immutable. */
final class LocatorReport {
  /** A locator whose members are further behind has lost its leader. */
  private static final long STALE_MS = 3_000;

  private final String setting;
  private final Optional<LocatorAnswer> answer;
  private final Optional<String> failure;

  private LocatorReport(String setting, Optional<LocatorAnswer> answer, Optional<String> failure) {
    this.setting = setting;
    this.answer = answer;
    this.failure = failure;
  }

  /**
   * @param setting {@link Cluster#AUTO} or the addresses that are configured
   */
  static LocatorReport answered(String setting, LocatorAnswer answer) {
    return new LocatorReport(setting, Optional.of(answer), Optional.empty());
  }

  /**
   * @param setting {@link Cluster#AUTO} or the addresses that are configured
   * @param why why there is no answer
   */
  static LocatorReport failed(String setting, String why) {
    return new LocatorReport(setting, Optional.empty(), Optional.of(why));
  }

  /** Why the locator says nothing, as a sentence; empty if it does. */
  Optional<String> failure() {
    return failure.map(why -> "The locator (" + setting + ") cannot be reached: " + why);
  }

  List<PeerStatus> peers() {
    return answer.map(found -> found.status().peers()).orElse(List.of());
  }

  List<FileStatus> files() {
    return answer.map(found -> found.status().files()).orElse(List.of());
  }

  /** How many files match in all; more than {@link #files} if they do not fit into one answer. */
  int fileCount() {
    return answer.map(found -> found.status().fileCount()).orElse(0);
  }

  private boolean isHealthy() {
    return answer.isPresent() && answer.get().status().ageMs() <= STALE_MS;
  }

  /** One line. */
  String line() {
    if (answer.isEmpty()) {
      return "Locator: " + setting + ", not reachable";
    }
    String where = answer.get().where();
    long ageMs = answer.get().status().ageMs();
    return "Locator: "
        + where
        + (where.equals(setting) ? "" : " (" + setting + ")")
        + (isHealthy() ? ", healthy" : ", without a leader for " + ageMs / 1_000 + " s");
  }

  void write(ObjectNode json) {
    json.put("setting", setting)
        .put("where", answer.map(LocatorAnswer::where).orElse(null))
        .put("healthy", isHealthy())
        .put("failure", failure.orElse(null));
    Optional<LocatorStatus> status = answer.map(LocatorAnswer::status);
    // As text: it uses all 64 bits, and many a reader of JSON has only 53.
    json.put("epoch", status.map(found -> Long.toString(found.epoch())).orElse(null))
        .put("ageMs", status.map(LocatorStatus::ageMs).orElse(null));
  }

  void writePeers(ArrayNode json) {
    for (PeerStatus status : peers()) {
      PeerInfo peer = status.peer();
      PeerLoad load = status.load();
      json.addObject()
          .put("id", peer.id())
          .put("address", peer.dataAddress())
          .put("group", peer.group())
          .put("role", role(peer))
          .put("files", status.fileCount())
          .put("heldBytes", status.heldBytes())
          .put("freeBytes", load.freeBytes())
          .put("capacityBytes", load.capacityBytes())
          .put("outstandingBytes", load.outstandingBytes())
          .put("sendBytesPerSecond", load.sendBytesPerSecond())
          .put("leaseLeftMs", status.leaseLeftMs());
    }
  }

  /** As the operator writes it. */
  static String role(PeerInfo peer) {
    return peer.role().name().toLowerCase(Locale.ROOT);
  }
}
