// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.cli.output.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all workers together hold and do now, put together from their answers: the answer of {@code
 * /mows/api/v1/cluster}, which the page and {@code alluxio fs mows top} show. Workers are numbered
 * in it, and its size is bounded. Pure.
 */
public final class ClusterStatus {
  static final int MAX_MODELS = 500;
  static final int MAX_FLOWS = 500;

  /** Workers that lack some of a model, over all models. */
  static final int MAX_BARS = 1_000;

  /** Of each other list. */
  static final int MAX_ROWS = 200;

  /** Alone they say little, and there are many of them. */
  private static final String OK = "OK";

  private ClusterStatus() {}

  /**
   * @param self the worker that tells
   * @param answers in any order
   */
  public static ObjectNode json(long atMs, String self, List<WorkerAnswer> answers) {
    List<WorkerAnswer> workers = new ArrayList<>(answers);
    workers.sort(Comparator.comparing((WorkerAnswer answer) -> answer.worker()));
    ObjectNode json = Json.newObject();
    json.put("version", WorkerStatus.VERSION).put("atMs", atMs).put("self", self);
    writeWorkers(json, workers);
    writeModels(json, workers);
    writeFlows(json, workers);
    writeHistory(json.putObject("history"), workers);
    for (String list : new String[] {"fetches", "failingFiles", "wrongFiles", "hiddenFiles"}) {
      writeRows(json, list, workers);
    }
    writeRows(json, "findings", workers);
    writeRows(json, "loads", workers);
    return json;
  }

  private static void writeWorkers(ObjectNode json, List<WorkerAnswer> workers) {
    ArrayNode array = json.putArray("workers");
    for (WorkerAnswer answer : workers) {
      JsonNode status = answer.status();
      ObjectNode worker = array.addObject();
      worker.put("worker", answer.worker()).put("answers", answer.failure() == null);
      worker.put("failure", answer.failure());
      for (String field :
          new String[] {
            "peer",
            "group",
            "role",
            "capacityBytes",
            "freeBytes",
            "peakLinkBytesPerSecond",
            "modelCount",
            "bytes"
          }) {
        if (status.has(field)) {
          worker.set(field, status.get(field));
        }
      }
      ObjectNode rates = worker.putObject("bytesPerSecond");
      JsonNode history = status.path("history");
      for (String source : new String[] {"origin", "peers", "warmup"}) {
        JsonNode steps = history.path(source);
        rates.put(source, steps.path(steps.size() - 1).asLong());
      }
    }
  }

  private static void writeModels(ObjectNode json, List<WorkerAnswer> workers) {
    Map<String, ModelRow> rows = new TreeMap<>();
    for (int w = 0; w < workers.size(); w++) {
      for (JsonNode held : workers.get(w).status().path("models")) {
        String path = held.path("path").asText();
        rows.computeIfAbsent(path, p -> new ModelRow(p, workers.size())).add(w, held);
      }
    }
    List<ModelRow> sorted = new ArrayList<>(rows.values());
    sorted.sort(ModelRow.BY_INTEREST);
    json.put("modelCount", sorted.size());
    ArrayNode array = json.putArray("models");
    int bars = MAX_BARS;
    for (ModelRow row : sorted.subList(0, Math.min(MAX_MODELS, sorted.size()))) {
      bars -= row.write(array.addObject(), bars);
    }
  }

  private static void writeFlows(ObjectNode json, List<WorkerAnswer> workers) {
    Map<String, Integer> byHash = new HashMap<>();
    for (int w = 0; w < workers.size(); w++) {
      byHash.put(workers.get(w).status().path("peerHash").asText(), w);
    }
    List<ObjectNode> flows = new ArrayList<>();
    for (int to = 0; to < workers.size(); to++) {
      for (JsonNode flow : workers.get(to).status().path("from")) {
        Integer from = byHash.get(flow.path("peerHash").asText());
        if (from != null) {
          ObjectNode row = Json.newObject();
          row.put("from", from).put("to", to).put("bytes", flow.path("bytes").asLong());
          flows.add(row.put("bytesPerSecond", flow.path("bytesPerSecond").asLong()));
        }
      }
    }
    flows.sort(
        Comparator.comparingLong((ObjectNode flow) -> flow.path("bytesPerSecond").asLong())
            .thenComparingLong(flow -> flow.path("bytes").asLong())
            .reversed());
    json.put("flowCount", flows.size());
    ArrayNode array = json.putArray("flows");
    flows.stream().limit(MAX_FLOWS).forEach(array::add);
  }

  /** The sums; of a step that a worker does not know it has brought nothing. */
  private static void writeHistory(ObjectNode json, List<WorkerAnswer> workers) {
    int stepMs = RateHistory.STEP_MS;
    long endMs =
        workers.stream().mapToLong(w -> w.status().at("/history/endMs").asLong()).max().orElse(0);
    json.put("stepMs", stepMs).put("endMs", endMs);
    for (String source : new String[] {"origin", "peers", "warmup"}) {
      long[] sums = new long[RateHistory.STEPS];
      for (WorkerAnswer worker : workers) {
        JsonNode history = worker.status().path("history");
        JsonNode steps = history.path(source);
        long late = (endMs - history.path("endMs").asLong()) / stepMs;
        for (int i = 0; i < steps.size(); i++) {
          long at = sums.length - steps.size() + i - late;
          if (at >= 0 && at < sums.length) {
            sums[(int) at] += steps.get(i).asLong();
          }
        }
      }
      ArrayNode array = json.putArray(source);
      for (long sum : sums) {
        array.add(sum);
      }
    }
  }

  /** All rows of one list, with the number of the worker that they are from. */
  private static void writeRows(ObjectNode json, String name, List<WorkerAnswer> workers) {
    ArrayNode array = json.putArray(name);
    long count = 0;
    for (int w = 0; w < workers.size(); w++) {
      JsonNode rows = workers.get(w).status().path(name);
      long unlisted = workers.get(w).status().path(name + "Count").asLong() - rows.size();
      count += Math.max(0, unlisted);
      for (JsonNode row : rows) {
        if (row.path("level").asText().equals(OK)) {
          continue;
        }
        count++;
        if (array.size() < MAX_ROWS) {
          ObjectNode copy = array.addObject();
          copy.put("worker", w).setAll((ObjectNode) row);
        }
      }
    }
    json.put(name + "Count", count);
  }
}
