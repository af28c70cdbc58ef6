// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultTest {
  private static final long SEED = 5;
  private static final ByteRange EVERYTHING = everything();

  @TempDir Path dir;
  private final byte[] content = new byte[3_000_000];
  private TestOrigin origin;
  private RawClient client;

  private static ByteRange everything() {
    try {
      return ByteRange.of("", false, Long.MAX_VALUE);
    } catch (OssException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() throws IOException {
    new Random(SEED).nextBytes(content);
    Files.write(dir.resolve("a.bin"), content);
    Files.write(dir.resolve("b.bin"), content);
    origin = TestOrigin.builder().bucket("models", dir).start();
    client = new RawClient(origin, "models");
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  @Test
  void shouldAnswerServerErrorsAsOssDoes() throws Exception {
    origin.setFaults(List.of(Fault.error(500).times(1), Fault.error(503).times(1)));
    HttpResponse<String> first = client.text("GET", "a.bin");
    assertEquals(500, first.statusCode());
    assertTrue(first.body().contains("<Code>InternalError</Code>"), first.body());
    HttpResponse<String> second = client.text("GET", "a.bin");
    assertEquals(503, second.statusCode());
    assertTrue(second.body().contains("<Code>ServiceUnavailable</Code>"), second.body());
    assertArrayEquals(content, client.get("a.bin").body());
    assertEquals(2, origin.stats().faultsInjected());
    assertEquals(3, origin.stats().object("a.bin").gets());
    assertEquals(content.length, origin.stats().bytesSent());
  }

  @Test
  void shouldResetTheConnectionAmidTheBody() throws Exception {
    origin.setFaults(List.of(Fault.reset(1_000_000).times(1)));
    IOException error = assertThrows(IOException.class, () -> client.get("a.bin"));
    assertTrue(rootMessage(error).contains("reset"), rootMessage(error));
    assertEquals(1_000_000, origin.stats().bytesSent());
    assertArrayEquals(content, client.get("a.bin").body());
  }

  @Test
  void shouldTruncateTheBodyButAnnounceItsLength() throws Exception {
    origin.setFaults(List.of(Fault.truncate(1_234_567).times(1)));
    // The JDK's old client, because the new one drops bytes it has when the connection ends.
    HttpRequest signed = client.request("GET", "a.bin");
    URLConnection connection = signed.uri().toURL().openConnection();
    signed
        .headers()
        .map()
        .forEach((name, values) -> connection.setRequestProperty(name, values.get(0)));
    assertEquals(content.length, connection.getContentLength());
    InputStream body = connection.getInputStream();
    assertArrayEquals(Arrays.copyOf(content, 1_234_567), body.readAllBytes());
    assertArrayEquals(content, client.get("a.bin").body());
  }

  @Test
  void shouldBreakOffBeforeTheLastByteAtTheLatest() throws Exception {
    origin.setFaults(List.of(Fault.truncate(Long.MAX_VALUE).times(1), Fault.reset(0).times(1)));
    assertThrows(IOException.class, () -> client.get("a.bin"));
    assertEquals(content.length - 1, origin.stats().bytesSent());
    assertThrows(IOException.class, () -> client.get("a.bin"));
    assertEquals(content.length - 1, origin.stats().bytesSent());
  }

  @Test
  void shouldFlipExactlyOneBit() throws Exception {
    origin.setFaults(List.of(Fault.corrupt(SEED).times(2)));
    BitSet first = difference(client.get("a.bin").body());
    BitSet second = difference(client.get("a.bin").body());
    assertEquals(1, first.cardinality());
    assertEquals(1, second.cardinality());
    assertTrue(!first.equals(second), "each answer is spoiled at another place");
    assertArrayEquals(content, client.get("a.bin").body());
    origin.setFaults(List.of(Fault.corrupt(SEED)));
    assertEquals(first, difference(client.get("a.bin").body()), "the seed decides the place");
  }

  @Test
  void shouldFlipABitOfTheByteItNames() throws Exception {
    origin.setFaults(List.of(Fault.corrupt(SEED).onByte(1_005).times(1)));
    assertEquals(10, client.get("a.bin", "Range", "bytes=0-9").body().length);
    byte[] received = client.get("a.bin", "Range", "bytes=1000-1999").body();
    byte[] right = Arrays.copyOfRange(content, 1_000, 2_000);
    assertEquals(5, Arrays.mismatch(right, received));
    assertArrayEquals(content, client.get("a.bin").body());
  }

  @Test
  void shouldDelayTheAnswer() throws Exception {
    origin.setFaults(List.of(Fault.delay(200).times(1)));
    long startNs = System.nanoTime();
    assertArrayEquals(content, client.get("a.bin").body());
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    assertTrue(tookMs >= 200, tookMs + " ms");
  }

  @Test
  void shouldHoldRequestsOfAByteUntilTheFaultsAreReplaced() throws Exception {
    List<Fault> faults = List.of(Fault.hold().onByte(1_000));
    origin.setFaults(faults);
    CompletableFuture<byte[]> held = getLater("bytes=1000-1999");
    CompletableFuture<byte[]> whole = getLater("");
    assertEquals(1_000, client.get("a.bin", "Range", "bytes=0-999").body().length);
    assertEquals(1_000, client.get("a.bin", "Range", "bytes=1001-2000").body().length);
    awaitFaults(2);
    assertFalse(held.isDone());
    assertFalse(whole.isDone());
    origin.setFaults(faults);
    assertArrayEquals(Arrays.copyOfRange(content, 1_000, 2_000), held.get(30, TimeUnit.SECONDS));
    assertArrayEquals(content, whole.get(30, TimeUnit.SECONDS));
  }

  @Test
  void shouldNotHoldAnOriginThatStops() throws Exception {
    origin.setFaults(List.of(Fault.hold()));
    CompletableFuture<byte[]> held = getLater("");
    awaitFaults(1);
    origin.close();
    assertThrows(ExecutionException.class, () -> held.get(30, TimeUnit.SECONDS));
  }

  private CompletableFuture<byte[]> getLater(String range) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return range.isEmpty()
                ? client.get("a.bin").body()
                : client.get("a.bin", "Range", range).body();
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void awaitFaults(long count) throws InterruptedException {
    while (origin.stats().faultsInjected() < count) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Test
  void shouldStrikeOnlyTheRequestsItNames() throws Exception {
    origin.setFaults(
        List.of(Fault.error(500).onKeys("b*").onRequests(RequestKind.GET).skipping(1).times(1)));
    assertEquals(200, client.text("GET", "a.bin").statusCode());
    assertEquals(200, client.text("HEAD", "b.bin").statusCode());
    assertEquals(200, client.text("GET", "?prefix=b").statusCode());
    assertEquals(200, client.text("GET", "b.bin").statusCode());
    assertEquals(500, client.text("GET", "b.bin").statusCode());
    assertEquals(200, client.text("GET", "b.bin").statusCode());
  }

  @Test
  void shouldSpoilListingsAndHeadsToo() throws Exception {
    origin.setFaults(
        List.of(
            Fault.truncate(10).onRequests(RequestKind.LIST).times(1),
            Fault.reset(0).onRequests(RequestKind.HEAD).times(1),
            Fault.error(503).onRequests(RequestKind.LIST).onKeys("b").times(1)));
    assertThrows(IOException.class, () -> client.text("GET", "?prefix=a"));
    assertEquals(503, client.text("GET", "?prefix=b").statusCode());
    assertEquals(200, client.text("GET", "?prefix=b").statusCode());
    // The JDK's client repeats a HEAD by itself if its connection is lost before the answer.
    client.text("HEAD", "a.bin");
    assertEquals(3, origin.stats().faultsInjected());
  }

  @Test
  void shouldStrikeAsOftenAsTheSeedSays() {
    FaultInjector injector = new FaultInjector();
    List<Fault> faults = List.of(Fault.error(500).withProbability(0.25, SEED));
    injector.setFaults(faults);
    List<Boolean> first = strikes(injector);
    injector.setFaults(faults);
    assertEquals(first, strikes(injector));
    int strikes = Collections.frequency(first, true);
    assertTrue(strikes > 200 && strikes < 300, strikes + " of 1000, seed " + SEED);
  }

  @Test
  void shouldRefuseFaultsThatMakeNoSense() {
    assertThrows(IllegalArgumentException.class, () -> Fault.error(200));
    assertThrows(IllegalArgumentException.class, () -> Fault.reset(-1));
    assertThrows(IllegalArgumentException.class, () -> Fault.delay(1).times(0));
    assertThrows(IllegalArgumentException.class, () -> Fault.delay(1).withProbability(1.5, 0));
  }

  private static List<Boolean> strikes(FaultInjector injector) {
    return IntStream.range(0, 1000)
        .mapToObj(i -> injector.next(RequestKind.GET, "key", EVERYTHING).isPresent())
        .collect(Collectors.toList());
  }

  private BitSet difference(byte[] received) {
    assertEquals(content.length, received.length);
    BitSet difference = BitSet.valueOf(content);
    difference.xor(BitSet.valueOf(received));
    return difference;
  }

  private static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
