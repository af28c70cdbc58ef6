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
import io.mows.channel.PrintableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@code alluxio fs mows top} shows of an answer of {@code /mows/api/v1/cluster}. Pure. */
final class TopScreen {
  private final JsonNode cluster;
  private final TopLines lines;

  private TopScreen(JsonNode cluster, TopLines lines) {
    this.cluster = cluster;
    this.lines = lines;
  }

  /** As many lines as there is something to say. */
  static List<String> lines(JsonNode cluster) {
    TopLines lines = new TopLines(cluster);
    TopScreen screen = new TopScreen(cluster, lines);
    TopTraffic traffic = new TopTraffic(cluster, lines);
    screen.head();
    traffic.loads();
    screen.models();
    traffic.flows();
    traffic.jobs();
    screen.failing();
    screen.findings();
    screen.workers();
    return lines.all().stream().map(PrintableText::line).collect(Collectors.toList());
  }

  /**
   * As many of these lines, and as much of them, as a terminal shows.
   *
   * @param height 2 at least
   */
  static List<String> fit(List<String> all, int width, int height) {
    List<String> shown = new ArrayList<>();
    for (String line : all.subList(0, Math.min(all.size(), height))) {
      shown.add(line.length() > width ? line.substring(0, width) : line);
    }
    if (all.size() > height) {
      String more = (all.size() - height + 1) + " more lines; 'top --once' prints all";
      shown.set(height - 1, more.substring(0, Math.min(width, more.length())));
    }
    return shown;
  }

  private long sum(String field) {
    long sum = 0;
    for (JsonNode worker : cluster.path("workers")) {
      sum += worker.at(field).asLong();
    }
    return sum;
  }

  private void head() {
    int silent = 0;
    for (JsonNode worker : cluster.path("workers")) {
      silent += worker.path("answers").asBoolean() ? 0 : 1;
    }
    long capacity = sum("/capacityBytes");
    long origin = sum("/bytesPerSecond/origin");
    long peers = sum("/bytesPerSecond/peers");
    long warmup = sum("/bytesPerSecond/warmup");
    lines.add(
        String.format(
            Locale.ROOT,
            "MoWS  %d workers%s  %d models  %s of %s used",
            cluster.path("workers").size(),
            silent > 0 ? " (" + silent + " silent)" : "",
            cluster.path("modelCount").asInt(),
            getSizeFromBytes(capacity - sum("/freeBytes")),
            getSizeFromBytes(capacity)));
    lines.add(
        "now   origin "
            + rate(origin)
            + "  peers "
            + rate(peers)
            + "  warm-up "
            + rate(warmup)
            + "  all "
            + rate(origin + peers + warmup));
    lines.add(
        "ever  origin "
            + getSizeFromBytes(sum("/bytes/fromOrigin"))
            + "  peers "
            + getSizeFromBytes(sum("/bytes/fromPeers"))
            + "  warm-up "
            + getSizeFromBytes(sum("/bytes/fromWarmup")));
    String failure = cluster.path("failure").asText("");
    if (!failure.isEmpty()) {
      lines.add(failure);
    }
  }

  private void models() {
    TextTable table =
        new TextTable()
            .text("MODEL")
            .number("FILES")
            .number("SIZE")
            .number("WHOLE ON")
            .number("PROVEN ON")
            .number("ARRIVES ON");
    int count = 0;
    for (JsonNode model : cluster.path("models")) {
      if (count++ < ROWS) {
        table.row(
            model.path("path").asText(),
            model.path("files").asInt(),
            getSizeFromBytes(model.path("bytes").asLong()),
            model.path("whole").asInt(),
            model.path("proven").asInt(),
            model.path("arriving").asInt());
      }
    }
    lines.add(table, Math.max(count, cluster.path("modelCount").asInt()));
  }

  private void failing() {
    int count = 0;
    for (JsonNode file : cluster.path("failingFiles")) {
      if (count++ < ROWS) {
        if (count == 1) {
          lines.add("");
        }
        lines.add(
            "FAILS "
                + file.path("path").asText()
                + " on "
                + lines.worker(file.path("worker"))
                + ": "
                + file.path("cause").asText());
      }
    }
    lines.more(cluster.path("failingFilesCount").asInt() - Math.min(ROWS, count));
  }

  private void findings() {
    int count = 0;
    for (JsonNode finding : cluster.path("findings")) {
      if (finding.path("level").asText().equals("PROBLEM") && count++ < ROWS) {
        lines.add(
            "PROBLEM "
                + lines.worker(finding.path("worker"))
                + ": "
                + finding.path("subject").asText()
                + ": "
                + finding.path("found").asText());
      }
    }
    lines.more(count - ROWS);
  }

  private void workers() {
    TextTable table =
        new TextTable()
            .text("WORKER")
            .text("GROUP")
            .text("MEMORY")
            .number("%")
            .number("ORIGIN")
            .number("PEERS")
            .number("TO PEERS")
            .number("NOW");
    for (JsonNode worker : cluster.path("workers")) {
      JsonNode now = worker.path("bytesPerSecond");
      long capacity = Math.max(1, worker.path("capacityBytes").asLong());
      long used = worker.path("capacityBytes").asLong() - worker.path("freeBytes").asLong();
      long permille = FULL * used / capacity;
      table.row(
          worker.path("worker").asText(),
          worker.path("answers").asBoolean() ? worker.path("group").asText() : "SILENT",
          bar(permille),
          percent(permille),
          getSizeFromBytes(worker.at("/bytes/fromOrigin").asLong()),
          getSizeFromBytes(
              worker.at("/bytes/fromPeers").asLong() + worker.at("/bytes/fromWarmup").asLong()),
          getSizeFromBytes(worker.at("/bytes/toPeers").asLong()),
          rate(
              now.path("origin").asLong()
                  + now.path("peers").asLong()
                  + now.path("warmup").asLong()));
    }
    lines.add(table, 0);
  }
}
