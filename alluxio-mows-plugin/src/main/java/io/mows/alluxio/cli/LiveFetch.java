// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.metrics.FetchGauge;

/** A file that a worker is fetching, as {@link FetchGauge} shows it. Immutable. */
final class LiveFetch {
  private final String path;
  private final long doneBytes;
  private final long totalBytes;
  private final long bytesPerSecond;

  LiveFetch(String path, long doneBytes, long totalBytes, long bytesPerSecond) {
    this.path = path;
    this.doneBytes = doneBytes;
    this.totalBytes = totalBytes;
    this.bytesPerSecond = bytesPerSecond;
  }

  static LiveFetch parse(JsonNode json) {
    return new LiveFetch(
        json.path(FetchGauge.PATH).asText(),
        json.path(FetchGauge.DONE_BYTES).asLong(),
        json.path(FetchGauge.TOTAL_BYTES).asLong(),
        json.path(FetchGauge.BYTES_PER_SECOND).asLong());
  }

  void write(ObjectNode json) {
    json.put(FetchGauge.PATH, path)
        .put(FetchGauge.DONE_BYTES, doneBytes)
        .put(FetchGauge.TOTAL_BYTES, totalBytes)
        .put(FetchGauge.BYTES_PER_SECOND, bytesPerSecond);
  }

  String path() {
    return path;
  }

  long doneBytes() {
    return doneBytes;
  }

  long totalBytes() {
    return totalBytes;
  }

  long bytesPerSecond() {
    return bytesPerSecond;
  }
}
