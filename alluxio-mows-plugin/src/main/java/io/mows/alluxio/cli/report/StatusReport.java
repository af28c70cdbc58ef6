// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import static alluxio.util.FormatUtils.getSizeFromBytes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.cli.cluster.ByteSource;
import io.mows.alluxio.cli.cluster.LiveFetch;
import io.mows.alluxio.cli.cluster.WorkerMetrics;
import io.mows.alluxio.cli.output.TextTable;
import io.mows.p2p.locator.LocatorStatus.PeerStatus;
import java.io.PrintStream;
import java.util.List;
import java.util.function.ToLongFunction;

/** What the cluster holds, and what moves. Immutable. */
final class StatusReport implements Report {
  private final LocatorReport locator;
  private final List<ModelCoverage> models;
  private final List<WorkerMetrics> workers;
  private final List<String> failures;

  StatusReport(
      LocatorReport locator,
      List<ModelCoverage> models,
      List<WorkerMetrics> workers,
      List<String> failures) {
    this.locator = locator;
    this.models = List.copyOf(models);
    this.workers = List.copyOf(workers);
    this.failures = List.copyOf(failures);
  }

  @Override
  public List<String> failures() {
    return failures;
  }

  private long sum(ByteSource source) {
    return workers.stream().mapToLong(worker -> worker.bytes(source)).sum();
  }

  @Override
  public void write(ObjectNode json) {
    locator.write(json.putObject("locator"));
    locator.writePeers(json.putArray("peers"));
    ArrayNode modelsJson = json.putArray("models");
    models.forEach(model -> model.write(modelsJson.addObject()));
    json.put("filesMatching", locator.fileCount()).put("filesListed", locator.files().size());
    ObjectNode bytes = json.putObject("bytes");
    for (ByteSource source : ByteSource.values()) {
      bytes.put(source.jsonName(), sum(source));
    }
    ArrayNode workersJson = json.putArray("workers");
    workers.forEach(worker -> worker.write(workersJson.addObject()));
  }

  @Override
  public void print(PrintStream out) {
    out.println(locator.line());
    printPeers(out);
    printModels(out);
    printBytes(out);
    printFetches(out);
    printFailingFiles(out);
    printWrongFiles(out);
  }

  private void printFailingFiles(PrintStream out) {
    if (workers.stream().anyMatch(worker -> !worker.failingFiles().isEmpty())) {
      out.println("Files that fail now");
    }
    workers.stream()
        .flatMap(worker -> worker.failingFiles().stream())
        .forEach(file -> out.println("  " + file.line()));
  }

  private void printPeers(PrintStream out) {
    out.println("Peers");
    TextTable table =
        new TextTable()
            .text("PEER")
            .text("GROUP")
            .text("ROLE")
            .number("MEMORY FREE")
            .number("MEMORY")
            .number("FILES");
    for (PeerStatus status : locator.peers()) {
      table.row(
          status.peer().id(),
          status.peer().group(),
          LocatorReport.role(status.peer()),
          getSizeFromBytes(status.load().freeBytes()),
          getSizeFromBytes(status.load().capacityBytes()),
          status.fileCount());
    }
    table.print(out, locator.failure().isPresent() ? "not known" : "none");
  }

  private void printModels(PrintStream out) {
    out.println("Models");
    TextTable table =
        new TextTable()
            .text("MODEL")
            .number("FILES")
            .number("SIZE")
            .text("GROUP")
            .number("COMPLETE ON")
            .number("FETCHED BY")
            .number("BEST");
    for (ModelCoverage model : models) {
      for (ModelCoverage.Group group : model.groups()) {
        table.row(
            model.path(),
            model.fileCount(),
            getSizeFromBytes(model.lengthBytes()),
            group.name(),
            group.completePeers(),
            group.fetchingPeers(),
            percent(group.bestPermille()));
      }
    }
    table.print(out, locator.failure().isPresent() ? "not known" : "none");
    if (locator.fileCount() > locator.files().size()) {
      out.println(
          "  These are the first "
              + locator.files().size()
              + " of "
              + locator.fileCount()
              + " files; name a PATH to see others.");
    }
  }

  private void printBytes(PrintStream out) {
    out.println("Bytes since the workers started");
    TextTable table = new TextTable().text("WORKER");
    for (ByteSource source : ByteSource.values()) {
      table.number(source.title());
    }
    for (WorkerMetrics worker : workers) {
      if (worker.runsMows()) {
        printBytes(table, worker.worker(), worker::bytes);
      }
    }
    if (workers.stream().filter(WorkerMetrics::runsMows).count() > 1) {
      printBytes(table, "all", this::sum);
    }
    table.print(out, "not known");
    for (WorkerMetrics worker : workers) {
      if (!worker.runsMows()) {
        String what = worker.failure().map(why -> "does not answer: " + why).orElse("is stock");
        out.println("  " + worker.worker() + " " + what);
      }
    }
  }

  private static void printBytes(TextTable table, String name, ToLongFunction<ByteSource> bytes) {
    ByteSource[] sources = ByteSource.values();
    Object[] cells = new Object[1 + sources.length];
    cells[0] = name;
    for (int i = 0; i < sources.length; i++) {
      cells[1 + i] = getSizeFromBytes(bytes.applyAsLong(sources[i]));
    }
    table.row(cells);
  }

  private void printFetches(PrintStream out) {
    out.println("Fetches");
    TextTable table =
        new TextTable()
            .text("WORKER")
            .text("FILE")
            .number("DONE")
            .number("SIZE")
            .number("PROGRESS")
            .number("RATE");
    for (WorkerMetrics worker : workers) {
      for (LiveFetch fetch : worker.fetches()) {
        table.row(
            worker.worker(),
            fetch.path(),
            getSizeFromBytes(fetch.doneBytes()),
            getSizeFromBytes(fetch.totalBytes()),
            percent((int) (1000.0 * fetch.doneBytes() / Math.max(1, fetch.totalBytes()))),
            getSizeFromBytes(fetch.bytesPerSecond()) + "/s");
      }
    }
    table.print(out, "none");
    for (WorkerMetrics worker : workers) {
      worker.fetches().stream()
          .filter(fetch -> !fetch.waits().isEmpty())
          .map(fetch -> "  " + fetch.path() + " waits on " + worker.worker() + ": " + fetch.waits())
          .forEach(out::println);
    }
  }

  private void printWrongFiles(PrintStream out) {
    TextTable table =
        new TextTable()
            .text("WORKER")
            .text("FILE")
            .text("EXPECTED")
            .text("ACTUAL")
            .text("MANIFEST");
    workers.stream()
        .flatMap(worker -> worker.wrongFiles().stream())
        .forEach(
            file ->
                table.row(
                    file.worker(),
                    file.path(),
                    file.expectedCrc32(),
                    file.actualCrc32(),
                    file.manifest()));
    if (workers.stream().anyMatch(worker -> !worker.wrongFiles().isEmpty())) {
      out.println("Files that are not what their manifests say: nobody gets them");
      table.print(out, "none");
    }
  }

  /** 1000 thousandths only are 100 %. */
  private static String percent(int permille) {
    return permille / 10 + "." + permille % 10 + " %";
  }
}
