// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.cli.output.TextTable;
import io.mows.alluxio.cli.report.Report;
import io.mows.alluxio.cli.verify.FileVerdict.Status;
import io.mows.alluxio.manifest.ManifestFinding;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What came of checking files. Immutable. */
final class VerifyReport implements Report {
  private final List<FileVerdict> files;
  private final List<ManifestFinding> findings;
  private final List<String> failures;

  /**
   * @param failures why nothing could be checked
   */
  VerifyReport(List<FileVerdict> files, List<ManifestFinding> findings, List<String> failures) {
    this.files = List.copyOf(files);
    this.findings = List.copyOf(findings);
    this.failures = List.copyOf(failures);
  }

  @Override
  public List<String> failures() {
    List<String> all = new ArrayList<>(failures);
    files.forEach(file -> file.failure().ifPresent(all::add));
    return all;
  }

  private long count(Status status) {
    return files.stream().filter(file -> file.status() == status).count();
  }

  @Override
  public void print(PrintStream out) {
    TextTable table =
        new TextTable().text("FILE").text("STATUS").text("EXPECTED").text("ACTUAL").text("WHERE");
    for (FileVerdict file : files) {
      table.row(file.path(), file.status().title(), file.expected(), file.actual(), file.where());
    }
    table.print(out, "no files");
    findings.forEach(finding -> out.println("  " + finding));
    List<String> counts = new ArrayList<>();
    for (Status status : Status.values()) {
      if (count(status) > 0) {
        counts.add(count(status) + " " + status.title());
      }
    }
    out.println(files.size() + " files: " + String.join(", ", counts));
  }

  @Override
  public void write(ObjectNode json) {
    ArrayNode filesJson = json.putArray("files");
    files.forEach(file -> file.write(filesJson.addObject()));
    ArrayNode findingsJson = json.putArray("findings");
    findings.forEach(
        finding ->
            findingsJson
                .addObject()
                .put("manifest", finding.manifest())
                .put("line", finding.line())
                .put("problem", finding.problem()));
    ObjectNode counts = json.putObject("counts");
    for (Status status : Status.values()) {
      counts.put(status.name(), count(status));
    }
  }
}
