// SPDX-License-Identifier: Apache-2.0
package io.mows.it.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mows.it.cluster.Build;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/**
 * The page in a real browser, of 200 workers that get 500 models: made up, but as large and as busy
 * as an answer of {@code /mows/api/v1/cluster} can be.
 */
final class LargePageIT {
  private static final int WORKERS = 200;
  private static final int MODELS = 500;

  /** One for each model on each worker would be 100,000. */
  private static final int MAX_ELEMENTS = 12_000;

  /** A refresh is every two seconds at most, and takes a tenth of a second here. */
  private static final int MAX_DRAW_MS = 2_000;

  private static final int DRAWS = 5;

  /** As a refresh does it in which all has changed, with the layout. */
  private static final String DRAW_ALL =
      "const began = performance.now(); state.drawn = {}; show(state.data);"
          + " document.body.offsetHeight; return Math.ceil(performance.now() - began);";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html",
          "css", "text/css",
          "js", "text/javascript",
          "svg", "image/svg+xml");

  private final AtomicInteger answers = new AtomicInteger();

  @Test
  void shouldStayUsable() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/mows/", this::answer);
    server.start();
    try (Browser browser = Browser.start()) {
      browser.open(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mows/"));
      browser.await("all workers", () -> browser.all("#t-workers tbody tr").size() == WORKERS);
      browser.await("several refreshes", () -> answers.get() >= 4);
      long drawMs = Long.MAX_VALUE;
      for (int i = 0; i < DRAWS; i++) {
        drawMs = Math.min(drawMs, browser.number(DRAW_ALL));
      }
      long elements = browser.number("return document.getElementsByTagName('*').length");
      System.out.printf(
          "%d workers, %d models: %d elements, drawn anew in %d ms (best of several)%n",
          WORKERS, MODELS, elements, drawMs);
      assertTrue(elements <= MAX_ELEMENTS, elements + " elements");
      assertTrue(drawMs <= MAX_DRAW_MS, drawMs + " ms");
      browser.type("p");
      assertEquals(40, browser.all("#t-models > tbody > tr").size(), "a button shows the others");

      browser.type("/");
      browser.focused().sendKeys("model-499");
      assertEquals(1, browser.all("#t-models > tbody > tr").size());
      assertTrue(browser.texts("#t-models td.path").get(0).contains("/models/model-499"));
      browser.one("#t-models button.open").click();
      browser.await("its workers", () -> !browser.all("#t-models tr.each .pieces").isEmpty());
      assertTrue(browser.all("#t-models tr.each .pieces").size() <= 41, "not all 200 at once");
      browser.screenshot("page-large");
      assertEquals(List.of(), browser.complaints(), "what the browser's console says");
    } finally {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring("/mows/".length());
    byte[] body;
    if (path.equals("api/v1/cluster")) {
      body = cluster(answers.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
    } else {
      String file = path.isEmpty() ? "index.html" : path;
      body = page(file);
      exchange
          .getResponseHeaders()
          .set("Content-Type", TYPES.get(file.substring(file.lastIndexOf('.') + 1)));
    }
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** As workers have it: from the drop-in jar. */
  private static byte[] page(String file) throws IOException {
    try (JarFile jar = new JarFile(Build.dropInJar().toFile())) {
      JarEntry entry = jar.getJarEntry("io/mows/alluxio/web/page/" + file);
      return jar.getInputStream(entry).readAllBytes();
    }
  }

  /** All of it changes with each answer. */
  private static String cluster(int tick) {
    List<String> workers = new ArrayList<>();
    for (int w = 0; w < WORKERS; w++) {
      workers.add(
          String.format(
              "{'worker':'worker-%d.example.com:30000','answers':true,'group':'chat',"
                  + "'role':'INSTANCE','capacityBytes':1000000000000,'freeBytes':%d,"
                  + "'bytes':{'fromOrigin':%d,'fromPeers':%d,'fromWarmup':0,'toPeers':%d},"
                  + "'bytesPerSecond':{'origin':%d,'peers':%d,'warmup':0}}",
              w, w * 1_000_000L, tick * 1_000_000L, tick * 2_000L + w, tick * 3_000L, tick, w));
    }
    List<String> models = new ArrayList<>();
    for (int m = 0; m < MODELS; m++) {
      models.add(model(m, tick));
    }
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      rows.add(
          String.format(
              "{'worker':%d,'path':'/models/model-%d/weights','level':'NOTE','subject':'s%d',"
                  + "'found':'f','remedy':'r','cause':'c','since':'s','waitingReads':1,"
                  + "'waitingLoads':%d,'reason':'hidden','waits':'the origin is away'}",
              i, i, i, tick));
    }
    String list = "[" + String.join(",", rows) + "]";
    List<String> flows = new ArrayList<>();
    for (int f = 0; f < 500; f++) {
      flows.add(
          String.format(
              "{'from':%d,'to':%d,'bytes':%d,'bytesPerSecond':%d}",
              f % WORKERS, (f + 1) % WORKERS, tick * 1_000L, 1_000 - f));
    }
    String steps = "[" + "1000,".repeat(89) + tick + "]";
    return ("{'version':1,'self':'worker-0.example.com:30000','atMs':1796000000000,'refreshMs':1000,"
            + ("'workers':[" + String.join(",", workers) + "],")
            + ("'models':[" + String.join(",", models) + "],'modelCount':" + MODELS + ",")
            + ("'flows':[" + String.join(",", flows) + "],'flowCount':39800,")
            + ("'history':{'stepMs':2000,'endMs':0,'origin':" + steps + ",'peers':" + steps)
            + (",'warmup':" + steps + "},'loads':[],'jobs':[],'jobsCount':0,")
            + ("'fetches':" + list + ",'failingFiles':" + list + ",'failingFilesCount':9000,")
            + ("'findings':" + list + ",'findingsCount':9000,'hiddenFiles':" + list)
            + ",'hiddenFilesCount':9000,'wrongFiles':[],'wrongFilesCount':0}")
        .replace('\'', '"');
  }

  private static String model(int number, int tick) {
    StringBuilder permille = new StringBuilder();
    for (int w = 0; w < WORKERS; w++) {
      permille.append(w == 0 ? "" : ",").append((number * 7 + w * 5 + tick) % 1_000);
    }
    List<String> partial = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      partial.add(
          String.format(
              "{'worker':%d,'heldBytes':%d,'arriving':true,'bytesPerSecond':%d,'bar':'%s'}",
              (number + i) % WORKERS,
              tick * 1_000L,
              5_000_000,
              "9".repeat(tick % 48) + "0".repeat(48 - tick % 48)));
    }
    return String.format(
        "{'path':'/models/model-%d','files':8,'bytes':16000000000,'arriving':2,'wrongFiles':0,"
            + "'permille':[%s],'whole':0,'proven':0,'partial':[%s]}",
        number, permille, String.join(",", partial));
  }
}
