// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import static alluxio.util.FormatUtils.getSizeFromBytes;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.output.TextTable;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code alluxio fs mows top} shows of an answer of {@code /mows/api/v1/cluster}. Pure. */
final class TopScreen {
  private static final int BAR_CHARS = 20;
  private static final int ROWS = 10;
  private static final int FULL = 1_000;

  private final JsonNode cluster;
  private final List<String> lines = new ArrayList<>();

  private TopScreen(JsonNode cluster) {
    this.cluster = cluster;
  }

  /** As many lines as there is something to say. */
  static List<String> lines(JsonNode cluster) {
    TopScreen screen = new TopScreen(cluster);
    screen.head();
    screen.loads();
    screen.models();
    screen.flows();
    screen.jobs();
    screen.failing();
    screen.findings();
    screen.workers();
    return screen.lines;
  }

  /**
   * As {@link #lines}, cut to what a terminal shows.
   *
   * @param height 2 at least
   */
  static List<String> fit(JsonNode cluster, int width, int height) {
    List<String> all = lines(cluster);
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

  private static String rate(long bytesPerSecond) {
    return bytesPerSecond > 0 ? getSizeFromBytes(bytesPerSecond) + "/s" : "-";
  }

  private static String percent(long permille) {
    return permille / 10 + "." + permille % 10;
  }

  /** All of it looks full only if it is. */
  private static String bar(long permille) {
    int filled = (int) (BAR_CHARS * permille / FULL);
    return "[" + "#".repeat(filled) + ".".repeat(BAR_CHARS - filled) + "]";
  }

  private String worker(JsonNode index) {
    return cluster.at("/workers/" + index.asInt() + "/worker").asText();
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

  private void loads() {
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
    add(table, count);
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
        worker(part.path("worker")),
        bar(permille),
        percent(permille),
        rate(part.path("bytesPerSecond").asLong()),
        overBound > 0 ? String.format(Locale.ROOT, "%.2f", overBound) : "-",
        limit);
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
    add(table, Math.max(count, cluster.path("modelCount").asInt()));
  }

  private void flows() {
    TextTable table = new TextTable().text("FROM").text("TO").number("NOW").number("IN ALL");
    int count = 0;
    for (JsonNode flow : cluster.path("flows")) {
      if (flow.path("bytesPerSecond").asLong() > 0 && count++ < ROWS) {
        table.row(
            worker(flow.path("from")),
            worker(flow.path("to")),
            rate(flow.path("bytesPerSecond").asLong()),
            getSizeFromBytes(flow.path("bytes").asLong()));
      }
    }
    add(table, count);
  }

  private void jobs() {
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
    add(table, cluster.path("jobsCount").asInt());
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
                + worker(file.path("worker"))
                + ": "
                + file.path("cause").asText());
      }
    }
    more(cluster.path("failingFilesCount").asInt() - Math.min(ROWS, count));
  }

  private void findings() {
    int count = 0;
    for (JsonNode finding : cluster.path("findings")) {
      if (finding.path("level").asText().equals("PROBLEM") && count++ < ROWS) {
        lines.add(
            "PROBLEM "
                + worker(finding.path("worker"))
                + ": "
                + finding.path("subject").asText()
                + ": "
                + finding.path("found").asText());
      }
    }
    more(count - ROWS);
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
    add(table, 0);
  }

  private void add(TextTable table, int count) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), "");
    String text = bytes.toString(StandardCharsets.UTF_8);
    if (text.isBlank()) {
      return;
    }
    lines.add("");
    text.lines().forEach(lines::add);
    more(count - ROWS);
  }

  private void more(int count) {
    if (count > 0) {
      lines.add("  and " + count + " more");
    }
  }
}
