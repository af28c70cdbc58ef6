// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.output.Json;
import io.mows.alluxio.status.Readiness;
import io.mows.p2p.fetch.FakeStatus;
import io.mows.p2p.fetch.FileStatus.Proof;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.DefaultHandler;
import org.eclipse.jetty.server.handler.HandlerList;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a Jetty server that is set up as Alluxio's {@code WebServer} does it. */
final class WebPageTest {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final HttpClient http = HttpClient.newHttpClient();
  private long nowNs;
  private final WebPage page = new WebPage(new FixedAnswers(), () -> nowNs);

  private static final class FixedAnswers implements WebAnswers {
    @Override
    public JsonNode status() {
      return Json.newObject().put("version", 1).put("long", "x".repeat(3_000));
    }

    @Override
    public JsonNode cluster() {
      throw new IllegalStateException("a fault of ours");
    }

    @Override
    public JsonNode loads() {
      return Json.newObject();
    }

    @Override
    public Readiness ready(ReadyQuestion question) throws IOException {
      if (!question.path().startsWith("/m")) {
        throw new IOException(question.path() + " does not exist");
      }
      Proof proof = question.wantedOnly() ? Proof.PROVEN : Proof.UNPROVEN;
      return Readiness.of(
          question.wish(),
          Map.of(question.path(), FakeStatus.whole(1_000, proof)),
          Collections.emptySortedMap());
    }
  }

  @BeforeEach
  void open() throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    connector.open();
    ServletContextHandler metrics = new ServletContextHandler();
    metrics.setContextPath("/metrics/json");
    ServletContextHandler pages =
        new ServletContextHandler(
            ServletContextHandler.SECURITY | ServletContextHandler.NO_SESSIONS);
    pages.setContextPath("/");
    HandlerList handlers = new HandlerList();
    handlers.setHandlers(new Handler[] {metrics, pages, new DefaultHandler()});
    server.setHandler(handlers);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + connector.getLocalPort() + path));
  }

  private HttpResponse<byte[]> get(String path) throws Exception {
    return send(request(path));
  }

  private void serve() throws Exception {
    server.start();
    assertTrue(page.offer(connector.getLocalPort()));
  }

  @Test
  void shouldComeWhenTheServerServesAndNotBefore() throws Exception {
    assertFalse(page.offer(connector.getLocalPort()));
    server.start();
    assertFalse(page.offer(connector.getLocalPort() + 1), "that is another worker's");
    assertTrue(page.offer(connector.getLocalPort()));
    assertTrue(page.offer(connector.getLocalPort()), "once is enough");
    assertEquals(200, get("/mows/").statusCode());
  }

  @Test
  void shouldGiveUpOnAServerThatNeverServes() {
    assertFalse(page.offer(1));
    nowNs += TimeUnit.MINUTES.toNanos(6);
    assertTrue(page.offer(1));
  }

  @Test
  void shouldLetThePageLoadNothingFromElsewhere() throws Exception {
    serve();
    for (String path : new String[] {"/mows/", "/mows/mows.js", "/mows/mows.css"}) {
      HttpResponse<byte[]> response = get(path);
      assertEquals(200, response.statusCode(), path);
      String policy = response.headers().firstValue("Content-Security-Policy").orElse("");
      assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
      assertEquals("nosniff", response.headers().firstValue("X-Content-Type-Options").get());
    }
    assertEquals(302, get("/mows").statusCode());
    assertEquals("mows/", get("/mows").headers().firstValue("Location").get());
  }

  @Test
  void shouldAnswerInJson() throws Exception {
    serve();
    HttpResponse<byte[]> response = get("/mows/api/v1/status");
    assertEquals(200, response.statusCode());
    assertTrue(response.headers().firstValue("Content-Type").get().startsWith("application/json"));
    assertEquals(1, Json.parse(response.body()).path("version").asInt());
    HttpResponse<byte[]> zipped =
        send(request("/mows/api/v1/status").header("Accept-Encoding", "gzip"));
    assertTrue(zipped.body().length < 500, "three thousand letters, zipped");
    byte[] body = new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes();
    assertEquals(1, Json.parse(body).path("version").asInt());
  }

  @Test
  void shouldSayThatThereIsNothing() throws Exception {
    serve();
    assertEquals(404, get("/mows/api/v2/status").statusCode());
    assertEquals(404, get("/mows/../etc/passwd").statusCode());
    assertEquals(404, get("/mows/page/index.html").statusCode());
  }

  @Test
  void shouldSayThatItFailed() throws Exception {
    serve();
    HttpResponse<byte[]> response = get("/mows/api/v1/cluster");
    assertEquals(500, response.statusCode());
    assertTrue(Json.parse(response.body()).path("failure").asText().contains("a fault of ours"));
  }

  @Test
  void shouldTellProbesByTheStatusAndPeopleWhy() throws Exception {
    serve();
    assertEquals(200, get("/mows/ready?path=/m/a&files=wanted").statusCode());
    assertEquals(200, get("/mows/ready?path=/m/a/&proof=off").statusCode());
    HttpResponse<byte[]> notYet = get("/mows/ready?path=/m/a");
    assertEquals(503, notYet.statusCode());
    JsonNode json = Json.parse(notYet.body());
    assertEquals(
        "/m/a is whole, and not yet compared with its manifest", json.path("reason").asText());
    HttpResponse<byte[]> missing = get("/mows/ready?path=/x");
    assertEquals(503, missing.statusCode());
    assertEquals("/x does not exist", Json.parse(missing.body()).path("reason").asText());
    for (String wrong :
        new String[] {
          "", "?path=m", "?path=/m&percent=x", "?path=/m&percent=101", "?path=/m&proof=no"
        }) {
      assertEquals(400, get("/mows/ready" + wrong).statusCode(), wrong);
    }
  }

  @Test
  void shouldBeReadOnly() throws Exception {
    serve();
    for (String method : new String[] {"POST", "PUT", "DELETE"}) {
      HttpRequest.Builder request =
          request("/mows/api/v1/status").method(method, BodyPublishers.ofString("x"));
      assertEquals(405, send(request).statusCode(), method);
    }
  }
}
