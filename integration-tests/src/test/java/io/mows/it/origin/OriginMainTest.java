// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.OSSException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The origin as a process of its own, and its admin API. */
class OriginMainTest {
  private static final Pattern READY =
      Pattern.compile("test origin ready: endpoint (http://127.0.0.1:\\d+) admin port (\\d+)");

  @TempDir Path dir;
  private Process process;
  private URI adminUri;
  private OSS oss;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(dir.resolve("a b.txt"), "hello");
    process =
        launch(
            "--bucket",
            "models=" + dir,
            "--access-key-id",
            "AK",
            "--access-key-secret",
            "SK",
            "--admin-port",
            "0",
            "--total-bytes-per-second",
            "1000000");
    Matcher ready = READY.matcher(firstLine());
    assertTrue(ready.matches(), ready.toString());
    adminUri = URI.create("http://127.0.0.1:" + ready.group(2));
    oss = new OSSClientBuilder().build(ready.group(1), "AK", "SK");
  }

  @AfterEach
  void stop() throws InterruptedException {
    oss.shutdown();
    process.destroy();
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
  }

  @Test
  void shouldReportShapeAndFailOverTheAdminApi() throws Exception {
    OriginAdmin admin = new OriginAdmin(adminUri);
    oss.getObject("models", "a b.txt").close();
    oss.getObjectMetadata("models", "a b.txt");
    OriginStats stats = admin.stats();
    assertEquals(5, stats.object("a b.txt").bytesSent());
    assertEquals(1, stats.object("a b.txt").gets());
    assertEquals(1, stats.object("a b.txt").heads());
    assertEquals(1, stats.requests(RequestKind.HEAD));

    admin.resetCounters();
    assertEquals(0, admin.stats().bytesSent());

    admin.setFaults(List.of(Fault.error(403).onKeys("a*").onRequests(RequestKind.GET).times(1)));
    OSSException error = assertThrows(OSSException.class, () -> oss.getObject("models", "a b.txt"));
    assertEquals("AccessDenied", error.getErrorCode());
    assertEquals(1, admin.stats().faultsInjected());

    admin.setShaping(Shaping.unshaped().withFirstByteDelayMs(100));
    long startNs = System.nanoTime();
    oss.getObject("models", "a b.txt").close();
    assertTrue(System.nanoTime() - startNs >= 100_000_000);
  }

  @Test
  void shouldSpeakPlainJson() throws Exception {
    oss.getObject("models", "a b.txt").close();
    HttpClient client = HttpClient.newHttpClient();
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(adminUri.resolve("/stats")).build(),
            HttpResponse.BodyHandlers.ofString());
    JsonNode stats = new ObjectMapper().readTree(response.body());
    assertEquals(5, stats.get("bytesSent").asInt());
    assertEquals(1, stats.at("/requests/get").asInt());
    assertEquals(0, stats.at("/requests/list").asInt());
    assertEquals(1, stats.get("openConnections").asInt());
    assertEquals(1, stats.get("peakConnections").asInt());
    assertEquals(5, stats.at("/objects/a b.txt/bytesSent").asInt());

    assertEquals(200, post(client, "/faults", "[{\"action\":\"delay\",\"delayMs\":1}]"));
    assertEquals(200, post(client, "/faults", "[]"));
    assertEquals(200, post(client, "/shaping", "{\"totalBytesPerSecond\":5}"));
    assertEquals(200, post(client, "/reset", ""));
    assertEquals(400, post(client, "/faults", "[{\"delayMs\":1}]"));
    assertEquals(400, post(client, "/faults", "[{\"action\":\"delay\",\"typo\":1}]"));
    assertEquals(400, post(client, "/shaping", "{\"totalBytesPerSecond\":-1}"));
    assertEquals(400, post(client, "/shaping", "nonsense"));
    assertEquals(404, post(client, "/nothing", ""));
  }

  @Test
  void shouldRefuseWrongArguments() throws Exception {
    for (String[] arguments :
        new String[][] {
          {"--port", "0"},
          {"--bucket", "x", "--access-key-id", "a", "--access-key-secret", "b"},
          {"--bucket", "x=/nothing/here", "--access-key-id", "a", "--access-key-secret", "b"}
        }) {
      Process wrong = launch(arguments);
      assertTrue(wrong.waitFor(20, TimeUnit.SECONDS));
      assertEquals(2, wrong.exitValue(), Arrays.toString(arguments));
    }
  }

  private int post(HttpClient client, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(adminUri.resolve(path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  private String firstLine() throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    return String.valueOf(reader.readLine());
  }

  private static Process launch(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path")));
    command.add(OriginMain.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
