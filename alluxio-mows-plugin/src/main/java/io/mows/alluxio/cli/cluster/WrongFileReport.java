// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.metrics.WrongFilesGauge;

/** A file that a worker refuses, as {@link WrongFilesGauge} shows it. Immutable. */
public final class WrongFileReport {
  private final String worker;
  private final String path;
  private final String expectedCrc32;
  private final String actualCrc32;
  private final String manifest;

  private WrongFileReport(
      String worker, String path, String expectedCrc32, String actualCrc32, String manifest) {
    this.worker = worker;
    this.path = path;
    this.expectedCrc32 = expectedCrc32;
    this.actualCrc32 = actualCrc32;
    this.manifest = manifest;
  }

  static WrongFileReport parse(String worker, JsonNode json) {
    return new WrongFileReport(
        worker,
        json.path(WrongFilesGauge.PATH).asText(),
        json.path(WrongFilesGauge.EXPECTED).asText(),
        json.path(WrongFilesGauge.ACTUAL).asText(),
        json.path(WrongFilesGauge.MANIFEST).asText());
  }

  public String worker() {
    return worker;
  }

  public String path() {
    return path;
  }

  public String expectedCrc32() {
    return expectedCrc32;
  }

  public String actualCrc32() {
    return actualCrc32;
  }

  public String manifest() {
    return manifest;
  }

  void write(ObjectNode json) {
    json.put(WrongFilesGauge.PATH, path)
        .put(WrongFilesGauge.EXPECTED, expectedCrc32)
        .put(WrongFilesGauge.ACTUAL, actualCrc32)
        .put(WrongFilesGauge.MANIFEST, manifest);
  }
}
