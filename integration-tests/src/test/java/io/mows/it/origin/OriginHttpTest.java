// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.DateParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginHttpTest {
  private static final long SEED = 3;

  @TempDir Path dir;
  private final byte[] content = new byte[700_001];
  private TestOrigin origin;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    new Random(SEED).nextBytes(content);
    Files.write(dir.resolve("object"), content);
    origin = TestOrigin.builder().bucket("models", dir).start();
    client = new RawClient(origin, "models");
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  @Test
  void shouldServeAWholeObject() throws Exception {
    HttpResponse<byte[]> response = client.get("object");
    assertEquals(200, response.statusCode());
    assertArrayEquals(content, response.body());
    assertEquals(
        Files.getLastModifiedTime(dir.resolve("object")).toMillis() / 1000,
        DateParser.parseDate(header(response, "Last-Modified")) / 1000);
    assertTrue(header(response, "ETag").matches("\"[0-9A-F]{32}\""), header(response, "ETag"));
    assertEquals(24, header(response, "x-oss-request-id").length());
  }

  @Test
  void shouldServeARange() throws Exception {
    HttpResponse<byte[]> response = client.get("object", "Range", "bytes=300001-700000");
    assertEquals(206, response.statusCode());
    assertEquals("bytes 300001-700000/700001", header(response, "Content-Range"));
    assertArrayEquals(Arrays.copyOfRange(content, 300_001, 700_001), response.body());
    assertEquals(400_000, origin.stats().bytesSent());
    assertEquals(1, origin.stats().object("object").gets());
  }

  @Test
  void shouldRefuseARangeBeyondTheEndWhenAskedForStandardBehaviour() throws Exception {
    HttpResponse<String> response =
        client.text("GET", "object", "Range", "bytes=700001-", "x-oss-range-behavior", "standard");
    assertEquals(416, response.statusCode());
    assertTrue(response.body().contains("<Code>InvalidRange</Code>"), response.body());
  }

  @Test
  void shouldDescribeAnObjectWithoutSendingIt() throws Exception {
    HttpResponse<String> response = client.text("HEAD", "object");
    assertEquals(200, response.statusCode());
    assertEquals("700001", header(response, "Content-Length"));
    assertEquals(header(client.get("object"), "ETag"), header(response, "ETag"));
    assertEquals(1, origin.stats().object("object").heads());
  }

  @Test
  void shouldAnswerConditionsOnTheEtag() throws Exception {
    String etag = header(client.text("HEAD", "object"), "ETag");
    assertEquals(200, client.get("object", "If-Match", etag).statusCode());
    assertEquals(304, client.get("object", "If-None-Match", etag).statusCode());
    HttpResponse<String> response = client.text("GET", "object", "If-Match", "\"0\"");
    assertEquals(412, response.statusCode());
    assertTrue(response.body().contains("PreconditionFailed"), response.body());
  }

  @Test
  void shouldSeeReplacedAndDeletedFilesAtOnce() throws Exception {
    String etag = header(client.text("HEAD", "object"), "ETag");
    Files.writeString(dir.resolve("object"), "new");
    HttpResponse<byte[]> replaced = client.get("object");
    assertArrayEquals(new byte[] {'n', 'e', 'w'}, replaced.body());
    assertNotEquals(etag, header(replaced, "ETag"));
    Files.delete(dir.resolve("object"));
    HttpResponse<String> deleted = client.text("GET", "object");
    assertEquals(404, deleted.statusCode());
    assertTrue(deleted.body().contains("<Code>NoSuchKey</Code>"), deleted.body());
    assertTrue(deleted.body().contains("<Key>object</Key>"), deleted.body());
  }

  @Test
  void shouldBreakOffWhenAFileShrinksAmidATransfer() throws Exception {
    origin.setShaping(Shaping.unshaped().withTotalBytesPerSecond(1_000_000));
    InputStream body = client.stream("object").body();
    assertTrue(body.read() >= 0);
    try (FileChannel file = FileChannel.open(dir.resolve("object"), StandardOpenOption.WRITE)) {
      file.truncate(100_000);
    }
    assertThrows(IOException.class, body::readAllBytes);
  }

  @Test
  void shouldServeAnEmptyObject() throws Exception {
    Files.write(dir.resolve("empty"), new byte[0]);
    HttpResponse<byte[]> response = client.get("empty");
    assertEquals(200, response.statusCode());
    assertEquals(0, response.body().length);
  }

  @Test
  void shouldListWithContinuationTokens() throws Exception {
    for (String key : List.of("list/a", "list/b", "list/c", "list/d/e")) {
      Files.createDirectories(dir.resolve(key).getParent());
      Files.writeString(dir.resolve(key), key);
    }
    String parameters = "list-type=2&prefix=list/&delimiter=/&max-keys=3&start-after=list/a";
    HttpResponse<String> whole = client.text("GET", "?" + parameters);
    assertEquals(List.of("list/b", "list/c", "list/d/"), keys(whole.body()));
    assertTrue(whole.body().contains("<IsTruncated>false</IsTruncated>"), whole.body());
    assertTrue(whole.body().contains("<KeyCount>3</KeyCount>"), whole.body());

    parameters = "list-type=2&prefix=list/&max-keys=3";
    HttpResponse<String> first = client.text("GET", "?" + parameters);
    assertEquals(List.of("list/a", "list/b", "list/c"), keys(first.body()));
    assertTrue(first.body().contains("<IsTruncated>true</IsTruncated>"), first.body());
    String token = first.body().replaceAll(".*<NextContinuationToken>(.*?)<.*", "$1");
    HttpRequest next =
        RawClient.signed(
            origin,
            "GET",
            "/models/?" + parameters + "&continuation-token=" + token.replace("=", "%3D"),
            "/models/?continuation-token=" + token,
            DateGenerator.formatDate(System.currentTimeMillis()),
            "test-secret");
    HttpResponse<String> second = client.client().send(next, HttpResponse.BodyHandlers.ofString());
    assertEquals(List.of("list/d/e"), keys(second.body()));
    assertEquals(400, client.text("GET", "?max-keys=1001").statusCode());
  }

  @Test
  void shouldReportAMissingBucket() throws Exception {
    HttpResponse<String> response = new RawClient(origin, "nobucket").text("GET", "object");
    assertEquals(404, response.statusCode());
    assertTrue(response.body().contains("<Code>NoSuchBucket</Code>"), response.body());
  }

  @Test
  void shouldRefuseAnUnsignedRequest() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(origin.endpoint() + "/models/object")).build();
    HttpResponse<String> response =
        client.client().send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(403, response.statusCode());
    assertTrue(response.body().contains("<Code>AccessDenied</Code>"), response.body());
    assertEquals(0, origin.stats().requests(RequestKind.GET));
  }

  @Test
  void shouldRefuseAnotherSecretAndShowWhatIsSigned() throws Exception {
    String now = DateGenerator.formatDate(System.currentTimeMillis());
    HttpResponse<String> response = send("/models/object", now, "wrong-secret");
    assertEquals(403, response.statusCode());
    assertTrue(response.body().contains("<Code>SignatureDoesNotMatch</Code>"), response.body());
    assertTrue(response.body().contains("<StringToSign>GET\n\n\n" + now), response.body());
  }

  @Test
  void shouldRefuseASignatureOfAnotherObject() throws Exception {
    String now = DateGenerator.formatDate(System.currentTimeMillis());
    HttpResponse<String> response = send("/models/other", now, "test-secret");
    assertEquals(403, response.statusCode());
  }

  @Test
  void shouldRefuseAnOldRequest() throws Exception {
    String old = DateGenerator.formatDate(System.currentTimeMillis() - 16 * 60 * 1000);
    HttpResponse<String> response = send("/models/object", old, "test-secret");
    assertEquals(403, response.statusCode());
    assertTrue(response.body().contains("<Code>RequestTimeTooSkewed</Code>"), response.body());
  }

  @Test
  void shouldRefuseToWrite() throws Exception {
    HttpResponse<String> response = client.text("DELETE", "object");
    assertEquals(403, response.statusCode());
    assertTrue(response.body().contains("<Code>AccessDenied</Code>"), response.body());
    assertTrue(Files.exists(dir.resolve("object")));
  }

  @Test
  void shouldCountConnections() throws Exception {
    client.get("object");
    client.get("object");
    new RawClient(origin, "models").get("object");
    assertEquals(2, origin.stats().openConnections());
    assertEquals(2, origin.stats().peakConnections());
    assertEquals(3 * 700_001, origin.stats().bytesSent());
    origin.resetCounters();
    assertEquals(0, origin.stats().bytesSent());
    assertEquals(0, origin.stats().object("object").gets());
    assertEquals(2, origin.stats().peakConnections());
  }

  private HttpResponse<String> send(String resource, String date, String secret)
      throws IOException, InterruptedException {
    HttpRequest request = RawClient.signed(origin, "GET", "/models/object", resource, date, secret);
    return client.client().send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Keys and common prefixes of a listing, without the prefix that was asked for. */
  private static List<String> keys(String listing) {
    return Pattern.compile("<(?:Key|CommonPrefixes><Prefix)>(.*?)<")
        .matcher(listing)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toList());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }
}
