// SPDX-License-Identifier: Apache-2.0
package io.mows.it.rdma;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs test classes in the guest; ends with 0 if there were tests and all passed. */
final class GuestTests {
  private GuestTests() {}

  public static void main(String[] classes) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                Arrays.stream(classes).map(name -> selectClass(name)).collect(Collectors.toList()))
            .configurationParameter("junit.jupiter.execution.timeout.default", "150 s")
            .build();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    Launcher launcher = LauncherFactory.create();
    launcher.execute(request, summary, new Progress());
    TestExecutionSummary result = summary.getSummary();
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    result.printFailuresTo(out, 40);
    result.printTo(out);
    boolean passed = result.getTestsSucceededCount() > 0 && result.getTotalFailureCount() == 0;
    System.exit(passed && result.getTestsSkippedCount() == 0 ? 0 : 1);
  }

  private static final class Progress implements TestExecutionListener {
    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        System.out.println("== " + result.getStatus() + " " + test.getDisplayName());
      }
    }
  }
}
