// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.check.CheckGauge;
import io.mows.alluxio.check.Finding;
import io.mows.alluxio.cli.cluster.WorkerList;
import io.mows.alluxio.cli.cluster.WorkerMetrics;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What was found at the workers. Immutable. */
final class CheckReport implements Report {
  private final List<String> failures = new ArrayList<>();
  private final List<WorkerMetrics> workers;

  CheckReport(WorkerList list, List<WorkerMetrics> workers) {
    this.workers = List.copyOf(workers);
    list.failure().ifPresent(failures::add);
    for (WorkerMetrics worker : workers) {
      worker.failure().ifPresent(why -> failures.add(worker.worker() + " is silent: " + why));
      for (Finding finding : worker.findings()) {
        if (finding.level() == Finding.Level.PROBLEM) {
          failures.add(worker.worker() + ": " + finding.subject() + ": " + finding.found());
        }
      }
    }
  }

  @Override
  public void print(PrintStream out) {
    for (WorkerMetrics worker : workers) {
      out.println("Worker " + worker.worker() + (worker.runsMows() ? "" : " does not run MoWS"));
      for (Finding finding : worker.findings()) {
        out.printf("  %-7s  %s: %s%n", finding.level(), finding.subject(), finding.found());
        if (!finding.remedy().isEmpty()) {
          out.println("           do: " + finding.remedy());
        }
      }
    }
    if (workers.isEmpty()) {
      out.println("No worker is known");
    }
  }

  @Override
  public void write(ObjectNode json) {
    ArrayNode workersJson = json.putArray("workers");
    for (WorkerMetrics worker : workers) {
      ObjectNode workerJson = workersJson.addObject();
      workerJson
          .put("worker", worker.worker())
          .put("mows", worker.runsMows())
          .put("failure", worker.failure().orElse(null));
      ArrayNode findings = workerJson.putArray("findings");
      for (Finding finding : worker.findings()) {
        findings
            .addObject()
            .put(CheckGauge.LEVEL, finding.level().name())
            .put(CheckGauge.SUBJECT, finding.subject())
            .put(CheckGauge.FOUND, finding.found())
            .put(CheckGauge.REMEDY, finding.remedy());
      }
    }
  }

  @Override
  public List<String> failures() {
    return List.copyOf(failures);
  }
}
