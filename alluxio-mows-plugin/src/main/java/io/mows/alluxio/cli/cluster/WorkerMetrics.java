// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.check.CheckGauge;
import io.mows.alluxio.check.Finding;
import io.mows.alluxio.cli.output.Json;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.hidden.HiddenFilesGauge;
import io.mows.alluxio.metrics.FailingFilesGauge;
import io.mows.alluxio.metrics.FetchGauge;
import io.mows.alluxio.metrics.WrongFilesGauge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** What one worker counts, or why that is not known. Immutable. */
public final class WorkerMetrics {
  /** What all our metrics start with. */
  static final String PREFIX = "Worker.Mows";

  private static final String FETCHES = "fetches";
  private static final String FINDINGS = "findings";
  private static final String WRONG = "wrongFiles";
  private static final String FAILING = "failingFiles";
  private static final String HIDDEN = "hiddenFiles";
  private static final String MODELS = "models";

  /** The metrics that show the same as lists of the status; there is none of models. */
  private static final Map<String, String> GAUGES =
      Map.of(
          FETCHES,
          FetchGauge.NAME,
          FINDINGS,
          CheckGauge.NAME,
          WRONG,
          WrongFilesGauge.NAME,
          FAILING,
          FailingFilesGauge.NAME,
          HIDDEN,
          HiddenFilesGauge.NAME,
          MODELS,
          "");

  private final String worker;
  private final String failure;
  private final boolean runsMows;
  private final Map<ByteSource, Long> bytes;
  private final List<LiveFetch> fetches;
  private final List<Finding> findings;
  private final List<WrongFileReport> wrongFiles;
  private final List<FailingFileReport> failingFiles;
  private final Map<String, String> hiddenFiles;
  private final List<JsonNode> models;

  private WorkerMetrics(
      String worker,
      String failure,
      boolean runsMows,
      Map<ByteSource, Long> bytes,
      List<LiveFetch> fetches,
      List<Finding> findings,
      List<WrongFileReport> wrongFiles,
      List<FailingFileReport> failingFiles,
      Map<String, String> hiddenFiles,
      List<JsonNode> models) {
    this.worker = worker;
    this.failure = failure;
    this.runsMows = runsMows;
    this.bytes = bytes;
    this.fetches = fetches;
    this.findings = List.copyOf(findings);
    this.wrongFiles = wrongFiles;
    this.failingFiles = failingFiles;
    this.hiddenFiles = hiddenFiles;
    this.models = models;
  }

  /** A worker whose metrics could not be read. */
  public static WorkerMetrics silent(String worker, String failure) {
    return new WorkerMetrics(
        worker, failure, false, Map.of(), List.of(), List.of(), List.of(), List.of(), Map.of(),
        List.of());
  }

  /**
   * @param worker {@code host:port} of its web server
   * @param json as Alluxio serves it under {@code /metrics/json/}
   * @throws IOException if it is something else
   */
  public static WorkerMetrics parse(String worker, String json) throws IOException {
    JsonNode root = Json.parse(json);
    JsonNode counters = root.path("counters");
    if (!counters.isObject()) {
      throw new IOException("there are no counters in it");
    }
    Map<ByteSource, Long> bytes = new EnumMap<>(ByteSource.class);
    for (ByteSource source : ByteSource.values()) {
      JsonNode counter = find(counters, PREFIX + source.metric());
      if (!counter.isMissingNode()) {
        bytes.put(source, counter.path("count").asLong());
      }
    }
    JsonNode gauges = root.path("gauges");
    return of(worker, bytes, name -> find(gauges, GAUGES.get(name)).path("value"));
  }

  /**
   * @param worker {@code host:port} of its web server
   * @param json as the worker serves it under {@code /mows/api/v1/status}
   * @throws IOException if it is something else
   */
  public static WorkerMetrics parseStatus(String worker, String json) throws IOException {
    JsonNode root = Json.parse(json);
    if (!root.path("version").isInt()) {
      throw new IOException("there is no version in it");
    }
    Map<ByteSource, Long> bytes = new EnumMap<>(ByteSource.class);
    for (ByteSource source : ByteSource.values()) {
      bytes.put(source, root.path("bytes").path(source.jsonName()).asLong());
    }
    return of(worker, bytes, root::path);
  }

  private static WorkerMetrics of(
      String worker, Map<ByteSource, Long> bytes, Function<String, JsonNode> lists) {
    return new WorkerMetrics(
        worker,
        null,
        !bytes.isEmpty(),
        bytes,
        list(lists.apply(FETCHES), LiveFetch::parse),
        list(lists.apply(FINDINGS), WorkerMetrics::finding),
        list(lists.apply(WRONG), file -> WrongFileReport.parse(worker, file)),
        list(lists.apply(FAILING), file -> FailingFileReport.parse(worker, file)),
        hidden(lists.apply(HIDDEN)),
        list(lists.apply(MODELS), model -> model));
  }

  private static <T> List<T> list(JsonNode rows, Function<JsonNode, T> parse) {
    List<T> values = new ArrayList<>();
    rows.forEach(value -> values.add(parse.apply(value)));
    return values;
  }

  private static Map<String, String> hidden(JsonNode rows) {
    Map<String, String> hidden = new TreeMap<>();
    for (JsonNode file : rows) {
      if (file.path(HiddenFilesGauge.MISSING).asBoolean()) {
        hidden.put(
            file.path(HiddenFilesGauge.PATH).asText(), file.path(HiddenFilesGauge.REASON).asText());
      }
    }
    return hidden;
  }

  private static Finding finding(JsonNode json) {
    return Finding.of(
        json.path(CheckGauge.LEVEL).asText(),
        json.path(CheckGauge.SUBJECT).asText(),
        json.path(CheckGauge.FOUND).asText(),
        json.path(CheckGauge.REMEDY).asText());
  }

  /** Alluxio puts the worker's host behind the names of its metrics. */
  private static JsonNode find(JsonNode metrics, String name) {
    Iterator<Map.Entry<String, JsonNode>> fields = metrics.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (field.getKey().equals(name) || field.getKey().startsWith(name + ".")) {
        return field.getValue();
      }
    }
    return metrics.path(name);
  }

  /** {@code host:port} of its web server. */
  public String worker() {
    return worker;
  }

  /** Why its metrics could not be read; empty if they could. */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /** Whether it is known to run MoWS. */
  public boolean runsMows() {
    return runsMows;
  }

  public long bytes(ByteSource source) {
    return bytes.getOrDefault(source, 0L);
  }

  public List<LiveFetch> fetches() {
    return fetches;
  }

  /** What the worker has found out about itself; nothing if it is a stock one. */
  public List<Finding> findings() {
    return findings;
  }

  /** The files that it refuses. */
  public List<WrongFileReport> wrongFiles() {
    return wrongFiles;
  }

  /** The files of which something cannot be read there now. */
  public List<FailingFileReport> failingFiles() {
    return failingFiles;
  }

  /** What is at the origin and Alluxio does not show, beside files that are used: path, reason. */
  public Map<String, String> hiddenFiles() {
    return hiddenFiles;
  }

  /** The same without what is elsewhere. */
  public WorkerMetrics below(PathPrefixes paths) {
    return new WorkerMetrics(
        worker,
        failure,
        runsMows,
        bytes,
        covered(fetches, paths, LiveFetch::path),
        findings,
        covered(wrongFiles, paths, WrongFileReport::path),
        covered(failingFiles, paths, FailingFileReport::path),
        hiddenFiles,
        covered(models, paths, model -> model.path("path").asText()));
  }

  private static <T> List<T> covered(
      List<T> files, PathPrefixes paths, Function<T, String> pathOf) {
    List<T> some = new ArrayList<>(files);
    some.removeIf(file -> !paths.covers(pathOf.apply(file)));
    return some;
  }

  public void write(ObjectNode json) {
    json.put("worker", worker)
        .put("answers", failure == null)
        .put("mows", runsMows)
        .put("failure", failure);
    ObjectNode bytesJson = json.putObject("bytes");
    for (ByteSource source : ByteSource.values()) {
      bytesJson.put(source.jsonName(), bytes(source));
    }
    ArrayNode fetchesJson = json.putArray("fetches");
    fetches.forEach(fetch -> fetch.write(fetchesJson.addObject()));
    ArrayNode wrongJson = json.putArray("wrongFiles");
    wrongFiles.forEach(file -> file.write(wrongJson.addObject()));
    ArrayNode failingJson = json.putArray("failingFiles");
    failingFiles.forEach(file -> file.write(failingJson.addObject()));
    if (!models.isEmpty()) {
      json.putArray(MODELS).addAll(models);
    }
  }
}
