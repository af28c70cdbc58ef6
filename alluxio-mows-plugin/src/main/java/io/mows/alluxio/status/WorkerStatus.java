// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.cli.output.Json;
import io.mows.p2p.locator.PeerInfo;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What one worker holds and does now, as JSON of version {@value #VERSION}: the answer of {@code
 * /mows/api/v1/status}, which {@code alluxio fs mows status} and other workers read. Its size is
 * bounded, whatever the worker holds; who asks often gets the same answer for a moment.
 * Thread-safe.
 */
public final class WorkerStatus {
  /** Of all answers below {@code /mows/api/v1}: fields are added, none is changed or removed. */
  public static final int VERSION = 1;

  static final int MAX_MODELS = 500;
  static final int MAX_PEERS = 64;

  /** Of each other list. */
  static final int MAX_ROWS = 100;

  private static final long SAME_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private final WorkerFacts facts;
  private final Flows flows;
  private final RateHistory history = new RateHistory();
  private final LongSupplier nanoClock;
  private final LongSupplier millisClock;
  private ObjectNode known;
  private long knownSinceNs;

  /**
   * @param flows what peers send, told to it
   */
  public WorkerStatus(
      WorkerFacts facts, Flows flows, LongSupplier nanoClock, LongSupplier millisClock) {
    this.facts = facts;
    this.flows = flows;
    this.nanoClock = nanoClock;
    this.millisClock = millisClock;
  }

  /** Notes how much has come. To be called about once a second. */
  public void tick() {
    flows.tick(nanoClock.getAsLong());
    Map<String, Long> bytes = facts.bytes();
    history.sample(
        millisClock.getAsLong(),
        bytes.getOrDefault("fromOrigin", 0L),
        bytes.getOrDefault("fromPeers", 0L),
        bytes.getOrDefault("fromWarmup", 0L));
  }

  /** The status; must not be changed. Takes some milliseconds for thousands of files. */
  public synchronized ObjectNode json() {
    long nowNs = nanoClock.getAsLong();
    if (known == null || nowNs - knownSinceNs >= SAME_NS) {
      known = write();
      knownSinceNs = nowNs;
    }
    return known;
  }

  private ObjectNode write() {
    ObjectNode json = Json.newObject();
    PeerInfo self = facts.self();
    json.put("version", VERSION).put("atMs", millisClock.getAsLong());
    json.put("worker", facts.worker()).put("peer", self.id());
    json.put("group", self.group()).put("role", self.role().name().toLowerCase(Locale.ROOT));
    json.put("capacityBytes", facts.capacityBytes()).put("freeBytes", facts.freeBytes());
    json.put("peakLinkBytesPerSecond", facts.peakLinkBytesPerSecond());
    ObjectNode bytes = json.putObject("bytes");
    facts.bytes().forEach(bytes::put);
    writeModels(json);
    writeFlows(json);
    facts.lists().forEach((name, rows) -> writeRows(json, name, rows));
    history.write(json.putObject("history"));
    return json;
  }

  private void writeModels(ObjectNode json) {
    List<HeldModel> models = HeldModel.of(facts.knownFiles(), facts::status);
    models.sort(HeldModel.BY_INTEREST);
    json.put("modelCount", models.size());
    ArrayNode array = json.putArray("models");
    models.stream()
        .limit(MAX_MODELS)
        .forEach(model -> model.write(array.addObject(), facts::pieces));
  }

  private void writeFlows(ObjectNode json) {
    ArrayNode array = json.putArray("from");
    for (Flows.Flow flow : flows.now(MAX_PEERS)) {
      // As text: it uses all 64 bits, and many a reader of JSON has only 53.
      array
          .addObject()
          .put("peerHash", Long.toHexString(flow.peerId()))
          .put("bytes", flow.bytes())
          .put("bytesPerSecond", flow.bytesPerSecond());
    }
    json.put("peerHash", Long.toHexString(facts.self().idHash()));
  }

  private static void writeRows(ObjectNode json, String name, List<Map<String, Object>> rows) {
    json.put(name + "Count", rows.size());
    ArrayNode array = json.putArray(name);
    for (Map<String, Object> row : rows.subList(0, Math.min(MAX_ROWS, rows.size()))) {
      ObjectNode object = array.addObject();
      row.forEach((key, value) -> object.set(key, Json.valueOf(value)));
    }
  }
}
