// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import static alluxio.util.FormatUtils.getSizeFromBytes;
import static io.mows.alluxio.cli.live.TopLines.FULL;
import static io.mows.alluxio.cli.live.TopLines.ROWS;
import static io.mows.alluxio.cli.live.TopLines.bar;
import static io.mows.alluxio.cli.live.TopLines.percent;
import static io.mows.alluxio.cli.live.TopLines.rate;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.output.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables of {@code alluxio fs mows top} that say what is on its way. For one thread. */
final class TopTraffic {
  private final JsonNode cluster;
  private final TopLines lines;

  TopTraffic(JsonNode cluster, TopLines lines) {
    this.cluster = cluster;
    this.lines = lines;
  }

  void loads() {
    TextTable table =
        new TextTable()
            .text("LOADING")
            .text("WORKER")
            .text("ARRIVED")
            .number("%")
            .number("RATE")
            .number("x BOUND")
            .text("LIMITED BY");
    int count = 0;
    for (JsonNode model : cluster.path("models")) {
      for (JsonNode part : model.path("partial")) {
        if (part.path("arriving").asBoolean() && count++ < ROWS) {
          load(table, model, part);
        }
      }
    }
    lines.add(table, count);
  }

  private void load(TextTable table, JsonNode model, JsonNode part) {
    long bytes = Math.max(1, model.path("bytes").asLong());
    long permille = (long) (FULL * (double) part.path("heldBytes").asLong() / bytes);
    double overBound = 0;
    String limit = "-";
    for (JsonNode load : cluster.path("loads")) {
      if (load.path("state").asText().equals("running")
          && load.path("worker").asInt() == part.path("worker").asInt()
          && load.path("model").asText().equals(model.path("path").asText())) {
        overBound = load.path("overBound").asDouble();
        limit = load.path("limit").asText("-");
      }
    }
    table.row(
        model.path("path").asText(),
        lines.worker(part.path("worker")),
        bar(permille),
        percent(permille),
        rate(part.path("bytesPerSecond").asLong()),
        overBound > 0 ? String.format(Locale.ROOT, "%.2f", overBound) : "-",
        limit);
  }

  void flows() {
    TextTable table = new TextTable().text("FROM").text("TO").number("NOW").number("IN ALL");
    int count = 0;
    for (JsonNode flow : cluster.path("flows")) {
      if (flow.path("bytesPerSecond").asLong() > 0 && count++ < ROWS) {
        table.row(
            lines.worker(flow.path("from")),
            lines.worker(flow.path("to")),
            rate(flow.path("bytesPerSecond").asLong()),
            getSizeFromBytes(flow.path("bytes").asLong()));
      }
    }
    lines.add(table, count);
  }

  void jobs() {
    TextTable table =
        new TextTable()
            .text("WARM-UP")
            .text("STATE")
            .text("IN MEMORY")
            .number("%")
            .number("RATE")
            .number("LEFT")
            .text("PATHS");
    int count = 0;
    for (JsonNode job : cluster.path("jobs")) {
      if (count++ < ROWS) {
        List<String> paths = new ArrayList<>();
        job.path("paths").forEach(path -> paths.add(path.asText()));
        table.row(
            job.path("id").asText(),
            job.path("state").asText(),
            bar(job.path("permille").asLong()),
            percent(job.path("permille").asLong()),
            rate(job.path("bytesPerSecond").asLong()),
            job.has("endSeconds") ? job.path("endSeconds").asLong() + " s" : "-",
            String.join(" ", paths));
      }
    }
    lines.add(table, cluster.path("jobsCount").asInt());
  }
}
