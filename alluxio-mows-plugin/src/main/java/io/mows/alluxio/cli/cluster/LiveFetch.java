// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.metrics.FetchGauge;

/** A file that a worker is fetching, as {@link FetchGauge} shows it. Immutable. */
public final class LiveFetch {
  private final String path;
  private final long doneBytes;
  private final long totalBytes;
  private final long bytesPerSecond;
  private final String waits;

  private LiveFetch(
      String path, long doneBytes, long totalBytes, long bytesPerSecond, String waits) {
    this.path = path;
    this.doneBytes = doneBytes;
    this.totalBytes = totalBytes;
    this.bytesPerSecond = bytesPerSecond;
    this.waits = waits;
  }

  static LiveFetch parse(JsonNode json) {
    return new LiveFetch(
        json.path(FetchGauge.PATH).asText(),
        json.path(FetchGauge.DONE_BYTES).asLong(),
        json.path(FetchGauge.TOTAL_BYTES).asLong(),
        json.path(FetchGauge.BYTES_PER_SECOND).asLong(),
        json.path(FetchGauge.WAITS).asText());
  }

  void write(ObjectNode json) {
    json.put(FetchGauge.PATH, path)
        .put(FetchGauge.DONE_BYTES, doneBytes)
        .put(FetchGauge.TOTAL_BYTES, totalBytes)
        .put(FetchGauge.BYTES_PER_SECOND, bytesPerSecond);
    if (!waits.isEmpty()) {
      json.put(FetchGauge.WAITS, waits);
    }
  }

  public String path() {
    return path;
  }

  public long doneBytes() {
    return doneBytes;
  }

  public long totalBytes() {
    return totalBytes;
  }

  public long bytesPerSecond() {
    return bytesPerSecond;
  }

  /** What it waits for, such as an origin that is away; empty if it does not. */
  public String waits() {
    return waits;
  }
}
