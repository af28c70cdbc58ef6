// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.metrics.FailingFilesGauge;

/** A file that cannot be read on a worker now, as {@link FailingFilesGauge} shows it. Immutable. */
public final class FailingFileReport {
  private final String worker;
  private final JsonNode json;

  private FailingFileReport(String worker, JsonNode json) {
    this.worker = worker;
    this.json = json;
  }

  static FailingFileReport parse(String worker, JsonNode json) {
    return new FailingFileReport(worker, json);
  }

  public String path() {
    return json.path(FailingFilesGauge.PATH).asText();
  }

  /** One line: what fails where, since when, for whom, and what to do. */
  public String line() {
    return String.format(
        "%s cannot be read at byte %d on %s since %s (%s): %s. Remedy: %s",
        path(),
        json.path(FailingFilesGauge.OFFSET).asLong(),
        worker,
        json.path(FailingFilesGauge.SINCE).asText(),
        who(),
        json.path(FailingFilesGauge.CAUSE).asText(),
        json.path(FailingFilesGauge.REMEDY).asText());
  }

  private String who() {
    return json.path(FailingFilesGauge.READERS).asInt()
        + " reads and "
        + json.path(FailingFilesGauge.LOADS).asInt()
        + " loads wait, "
        + json.path(FailingFilesGauge.FAILURES).asInt()
        + " have failed";
  }

  void write(ObjectNode to) {
    to.setAll((ObjectNode) json);
  }
}
