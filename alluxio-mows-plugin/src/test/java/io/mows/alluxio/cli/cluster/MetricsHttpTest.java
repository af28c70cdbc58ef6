// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.wire.WorkerInfo;
import alluxio.wire.WorkerNetAddress;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MetricsHttpTest {
  private HttpServer server;
  private volatile String body =
      "{\"counters\":{\"Worker.MowsBytesFromOrigin.w\":{\"count\":5}},\"gauges\":{}}";
  private volatile int status = 200;

  @BeforeEach
  void start() throws IOException {
    start(InetAddress.getLoopbackAddress());
  }

  private void start(InetAddress address) throws IOException {
    server = HttpServer.create(new InetSocketAddress(address, 0), 0);
    server.createContext(
        "/metrics/json/",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static WorkerInfo worker(String host, int webPort) {
    return new WorkerInfo().setAddress(new WorkerNetAddress().setHost(host).setWebPort(webPort));
  }

  private WorkerMetrics read() {
    int port = server.getAddress().getPort();
    return new MetricsHttp().read(List.of(worker("127.0.0.1", port))).get(0);
  }

  @Test
  void shouldReadEveryWorkerInTheirOrder() throws IOException {
    int port = server.getAddress().getPort();
    int deaf;
    try (ServerSocket socket = new ServerSocket(0)) {
      deaf = socket.getLocalPort();
    }
    List<WorkerMetrics> all =
        new MetricsHttp()
            .read(
                List.of(
                    worker("127.0.0.1", deaf), worker("127.0.0.1", port), worker("not a host", 1)));
    assertEquals("127.0.0.1:" + deaf, all.get(0).worker());
    assertTrue(all.get(0).failure().isPresent());
    assertEquals(5, all.get(1).bytes(ByteSource.ORIGIN));
    assertTrue(all.get(2).failure().isPresent());
  }

  @Test
  void shouldReadAWorkerThatHasAnIpv6Address() throws IOException {
    server.stop(0);
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    start(InetAddress.getByAddress(loopback));
    WorkerMetrics found =
        new MetricsHttp().read(List.of(worker("::1", server.getAddress().getPort()))).get(0);
    assertEquals("[::1]:" + server.getAddress().getPort(), found.worker());
    assertEquals(5, found.bytes(ByteSource.ORIGIN));
  }

  @Test
  void shouldPreferTheStatus() {
    server.createContext(
        "/mows/api/v1/status",
        exchange -> {
          String status =
              "{\"version\":1,\"bytes\":{\"fromOrigin\":7},\"fetches\":[{\"path\":\"/m/a\"}],"
                  + "\"findings\":[{\"level\":\"OK\",\"subject\":\"kernel\"}]}";
          byte[] bytes = status.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    WorkerMetrics worker = read();
    assertTrue(worker.runsMows());
    assertEquals(7, worker.bytes(ByteSource.ORIGIN));
    assertEquals("/m/a", worker.fetches().get(0).path());
    assertEquals("kernel", worker.findings().get(0).subject());
  }

  @Test
  void shouldSayThatThereAreNoMetrics() {
    body = "<html>";
    assertTrue(read().failure().orElseThrow().contains("no metrics"));
    status = 503;
    assertEquals("HTTP status 503", read().failure().orElseThrow());
  }
}
