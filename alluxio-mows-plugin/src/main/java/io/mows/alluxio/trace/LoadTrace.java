// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trace;

import static alluxio.util.FormatUtils.getSizeFromBytes;

import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.fetch.FileSpec;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One load of a model on this worker: from the moment that something of it was wanted until all of
 * what was wanted is here and proven. For one thread at a time.
 */
final class LoadTrace {
  private final String model;
  private final long beganMs;
  private final long beganNs;
  private final Map<Long, FileSpec> files = new HashMap<>();
  private final Map<Source, Long> bytes = new EnumMap<>(Source.class);
  private final Map<LoadLimit, Long> limitedNs = new EnumMap<>(LoadLimit.class);
  private long firstByteNs = -1;
  private long lastByteNs = -1;
  private long lastNewsNs;
  private long provenNs = -1;
  private boolean whole;
  private boolean proven;
  private boolean ended;
  private String by = "read-ahead";
  private double boundBytesPerSecond;

  LoadTrace(String model, long nowMs, long nowNs) {
    this.model = model;
    this.beganMs = nowMs;
    this.beganNs = nowNs;
    this.lastNewsNs = nowNs;
  }

  String model() {
    return model;
  }

  Map<Long, FileSpec> files() {
    return files;
  }

  void begun(FileSpec file, long nowNs) {
    files.put(file.fileId(), file);
    lastNewsNs = nowNs;
  }

  void arrived(FileSpec file, int pieceBytes, Source from, long nowNs) {
    files.put(file.fileId(), file);
    bytes.merge(from, (long) pieceBytes, Long::sum);
    firstByteNs = firstByteNs < 0 ? nowNs : firstByteNs;
    lastByteNs = nowNs;
    lastNewsNs = nowNs;
    provenNs = -1;
  }

  void proven(long nowNs) {
    provenNs = nowNs;
    lastNewsNs = nowNs;
  }

  /** It was for this long limited by that. */
  void limited(LoadLimit limit, long forNs) {
    limitedNs.merge(limit, forNs, Long::sum);
  }

  /** A reader counts more than a load, and that more than read-ahead. */
  void wantedBy(boolean reader, boolean load) {
    if (reader) {
      by = "reader";
    } else if (load && !by.equals("reader")) {
      by = "load";
    }
  }

  /**
   * What is known of it now.
   *
   * @param bound the fastest that this worker is known to receive anything
   */
  void looked(boolean isWhole, boolean isProven, double bound, long nowNs) {
    whole = isWhole;
    proven = isProven;
    provenNs = isProven && provenNs < 0 ? nowNs : provenNs;
    boundBytesPerSecond = Math.max(bound, ownBytesPerSecond());
  }

  private double ownBytesPerSecond() {
    return lastByteNs > firstByteNs ? allBytes() * 1e9 / (lastByteNs - firstByteNs) : 0;
  }

  void end() {
    ended = true;
  }

  boolean hasArrived() {
    return firstByteNs >= 0;
  }

  boolean isWhole() {
    return whole;
  }

  boolean isProven() {
    return proven;
  }

  /** Nothing has been wanted, come or been proven for so long. */
  long quietNs(long nowNs) {
    return nowNs - lastNewsNs;
  }

  long allBytes() {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  private long bytes(Source source) {
    return bytes.getOrDefault(source, 0L);
  }

  /** How much longer it took than at the fastest that this worker is known to receive anything. */
  double overBound(long nowNs) {
    long endNs = ended || whole ? lastByteNs : nowNs;
    double boundNs = boundBytesPerSecond <= 0 ? 0 : allBytes() * 1e9 / boundBytesPerSecond;
    return boundNs <= 0 ? 0 : (endNs - beganNs) / boundNs;
  }

  /** What it was limited by for the longest time; empty before anything came. */
  String limit() {
    return limitedNs.entrySet().stream()
        .max(Comparator.comparingLong((Map.Entry<LoadLimit, Long> entry) -> entry.getValue()))
        .map(entry -> entry.getKey().word())
        .orElse("");
  }

  /** A row of the JSON. */
  Map<String, Object> row(long nowNs) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("model", model);
    row.put("state", !ended ? "running" : proven ? "proven" : whole ? "whole" : "partial");
    row.put("by", by);
    row.put("beganMs", beganMs);
    row.put("firstByteMs", sinceBegan(firstByteNs));
    row.put("wholeMs", whole ? sinceBegan(lastByteNs) : null);
    row.put("provenMs", proven ? sinceBegan(provenNs) : null);
    row.put("lastMs", sinceBegan(ended ? Math.max(lastByteNs, provenNs) : nowNs));
    row.put("files", files.size());
    row.put("bytes", allBytes());
    row.put("fromOrigin", bytes(Source.ORIGIN));
    row.put("fromPeers", bytes(Source.PEER));
    row.put("fromWarmup", bytes(Source.WARMUP));
    row.put("boundBytesPerSecond", (long) boundBytesPerSecond);
    row.put("overBound", Math.round(overBound(nowNs) * 100) / 100.0);
    row.put("limit", limit());
    Map<String, Long> limits = new LinkedHashMap<>();
    limitedNs.forEach((limit, ns) -> limits.put(limit.word(), TimeUnit.NANOSECONDS.toMillis(ns)));
    row.put("limitMs", limits);
    return row;
  }

  private Long sinceBegan(long ns) {
    return ns < 0 ? null : TimeUnit.NANOSECONDS.toMillis(ns - beganNs);
  }

  /** One line for the log. */
  String line(long nowNs) {
    return String.format(
        Locale.ROOT,
        "Loaded %s for a %s: %s in %d files, origin %s, peers %s, warm-up %s; first byte after %d ms,"
            + " whole after %d ms, %s; %.2f times the bound of %s/s, limited by %s",
        model,
        by,
        getSizeFromBytes(allBytes()),
        files.size(),
        getSizeFromBytes(bytes(Source.ORIGIN)),
        getSizeFromBytes(bytes(Source.PEER)),
        getSizeFromBytes(bytes(Source.WARMUP)),
        sinceBegan(firstByteNs),
        sinceBegan(lastByteNs),
        proven ? "proven after " + sinceBegan(provenNs) + " ms" : "not proven",
        overBound(nowNs),
        getSizeFromBytes((long) boundBytesPerSecond),
        limit());
  }
}
