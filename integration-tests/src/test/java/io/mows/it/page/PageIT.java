// SPDX-License-Identifier: Apache-2.0
package io.mows.it.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.model.CrcManifest;
import io.mows.it.model.CrcMismatch;
import io.mows.it.model.SyntheticModel;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page in a real browser while three workers read one model at once. */
final class PageIT {
  private static final int WORKERS = 3;
  private static final long MODEL_BYTES = 120L << 20;

  /** So slow that the browser sees it arrive. */
  private static final long ORIGIN_BYTES_PER_SECOND = 8L << 20;

  @TempDir private Path bucket;

  @Test
  void shouldShowAScaleOutAsItIs() throws Exception {
    SyntheticModel.write(bucket.resolve("models/llama"), MODEL_BYTES, 4, 29);
    ClusterConfig config =
        ClusterConfig.builder()
            .workers(WORKERS)
            .firstCompilerOnly(true)
            .origin(OriginConfig.serving(bucket).withTotalBytesPerSecond(ORIGIN_BYTES_PER_SECOND))
            .dropInJar(Build.dropInJar())
            .jobServers(false)
            .build();
    try (LocalCluster cluster = LocalCluster.start(config);
        Browser browser = Browser.start()) {
      browser.open(cluster.worker(0).webUri().resolve("/mows/"));
      browser.await("all workers", () -> browser.rows("#t-workers").size() == WORKERS);
      ExecutorService readers = Executors.newFixedThreadPool(WORKERS);
      try {
        List<Future<List<CrcMismatch>>> reads = new ArrayList<>();
        for (int w = 0; w < WORKERS; w++) {
          Path model = cluster.worker(w).mountPoint().resolve("models/llama");
          reads.add(readers.submit(() -> CrcManifest.verify(model)));
        }
        shouldShowWhatArrives(browser);
        for (Future<List<CrcMismatch>> read : reads) {
          assertEquals(List.of(), read.get());
        }
      } finally {
        readers.shutdownNow();
      }
      shouldShowWhatTheMetricsSay(browser, cluster);
      shouldObeyTheKeyboard(browser);
      browser.screenshot("page-after");
      assertEquals(List.of(), browser.complaints(), "what the browser's console says");
      assertEquals(
          List.of(), browser.foreignRequests(cluster.worker(0).webUri()), "asked elsewhere");
      shouldShowTheSameInATerminal(cluster);
    }
  }

  private static void shouldShowWhatArrives(Browser browser) throws Exception {
    browser.await("a load", () -> !browser.rows("#t-running .pieces").isEmpty());
    browser.await(
        "somebody who sends",
        () -> browser.texts("#t-flows td.n").stream().anyMatch(text -> text.endsWith("/s")));
    browser.await(
        "bars of each worker", () -> browser.all("#t-models tr.each .pieces").size() >= 2);
    // For the picture only: it may be over by then on a slow machine.
    browser.await("some of it, or the end", () -> isWellUnderWay(browser));
    browser.screenshot("page-light");
    browser.prefer("dark");
    browser.screenshot("page-dark");
    browser.prefer("light");
  }

  private static boolean isWellUnderWay(Browser browser) {
    List<String> cells = browser.texts("#t-running tbody tr:first-child td");
    return cells.size() < 4 || Double.parseDouble(cells.get(3)) >= 35;
  }

  /** Nothing moves any more: what both say is one thing. */
  private static void shouldShowWhatTheMetricsSay(Browser browser, LocalCluster cluster)
      throws Exception {
    Map<String, String> measured = new TreeMap<>();
    for (int w = 0; w < WORKERS; w++) {
      WorkerNode worker = cluster.worker(w);
      URI web = worker.webUri();
      measured.put(
          web.getHost() + ":" + web.getPort(),
          worker.metrics().value("Worker.MowsBytesFromOrigin")
              + " "
              + worker.metrics().value("Worker.MowsBytesFromPeers")
              + " "
              + worker.metrics().value("Worker.MowsBytesToPeers"));
    }
    browser.await(
        "the metrics",
        () -> shownBytes(browser).equals(measured),
        () -> shownBytes(browser) + " and not " + measured);
    browser.await(
        "a model that is whole and proven everywhere",
        () ->
            browser
                .texts("#t-models tbody > tr:first-child > td.n")
                .subList(2, 4)
                .equals(List.of("3", "3")),
        () -> browser.texts("#t-models tbody > tr:first-child > td.n").toString());
    assertTrue(browser.texts("#t-running td").get(0).startsWith("Nothing arrives"));
  }

  /** What each worker got from the origin and from peers and gave to them, to the byte. */
  private static Map<String, String> shownBytes(Browser browser) {
    Map<String, String> shown = new TreeMap<>();
    for (WebElement row : browser.all("#t-workers tbody tr")) {
      Map<String, String> bytes = new TreeMap<>();
      for (WebElement cell : row.findElements(By.cssSelector("[data-bytes]"))) {
        bytes.put(cell.getDomAttribute("data-name"), cell.getDomAttribute("data-bytes"));
      }
      shown.put(
          row.findElement(By.cssSelector("td.path")).getText(),
          bytes.get("fromOrigin") + " " + bytes.get("fromPeers") + " " + bytes.get("toPeers"));
    }
    return shown;
  }

  private static void shouldObeyTheKeyboard(Browser browser) {
    browser.type("p");
    assertEquals("true", browser.one("#pause").getDomAttribute("aria-pressed"));
    browser.type("/");
    browser.focused().sendKeys("no such model");
    assertEquals(1, browser.all("#t-models tbody td.empty").size());
    browser.focused().sendKeys(Keys.chord(Keys.CONTROL, "a") + Keys.DELETE);
    WebElement model = browser.one("#t-models button.open");
    String before = model.getDomAttribute("aria-expanded");
    model.sendKeys(Keys.ENTER);
    WebElement again = browser.one("#t-models button.open");
    assertFalse(again.getDomAttribute("aria-expanded").equals(before), "Enter opens and closes");
    assertEquals(again, browser.focused(), "the focus stays where it was");
  }

  private static void shouldShowTheSameInATerminal(LocalCluster cluster) throws Exception {
    CliResult top = cluster.cli("fs", "mows", "top");
    assertEquals(0, top.exitCode(), top::toString);
    assertTrue(top.output().contains("MoWS  3 workers  "), top::toString);
    assertTrue(
        top.output().lines().anyMatch(line -> line.matches("  /models/llama +\\d+ .* 3 +3 +0")),
        top::toString);
    assertFalse(top.output().contains("\u001b"), "no control characters where no terminal is");
  }
}
