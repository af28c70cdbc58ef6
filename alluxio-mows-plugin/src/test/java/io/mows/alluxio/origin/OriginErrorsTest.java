// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.mows.p2p.swarm.origin.OriginFault;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words as the clients of under file systems write them. */
final class OriginErrorsTest {
  private static Optional<OriginFault> of(String message) {
    return OriginErrors.faultOf(new IOException("Failed to open key", new IOException(message)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "You have no right.\\n[ErrorCode]: AccessDenied\\n[RequestId]: 5\\n[HostId]: h|DENIED",
        "[ErrorCode]: SecurityTokenExpired|DENIED",
        "[ErrorCode]: RequestTimeTooSkewed|DENIED",
        "[ErrorCode]: NoSuchKey|GONE",
        "[ErrorCode]: ServiceUnavailable|AWAY",
        "[ErrorCode]: ConnectionTimeout|AWAY",
        "No body in response, http status code 503\\n[ErrorCode]: Unknown|AWAY",
        "Forbidden (Service: Amazon S3; Status Code: 403; Error Code: 403 Forbidden)|DENIED",
        "The token has expired (Service: Amazon S3; Status Code: 400; Error Code: ExpiredToken)|DENIED",
        "Slow (Service: Amazon S3; Status Code: 503; Error Code: SlowDown; Request ID: 1)|AWAY",
        "Not here (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey)|GONE",
        "Too fast (Status Code: 429; Error Code: Unheard)|AWAY",
        "/nas/model.bin (Permission denied)|DENIED",
        "/nas/model.bin (No such file or directory)|GONE",
      })
  void shouldKnowWhatOriginsSay(String message, OriginFault fault) {
    assertEquals(Optional.of(fault), of(message.replace("\\n", "\n")));
  }

  @Test
  void shouldKnowWhatTheNetworkAndTheKernelSay() {
    assertEquals(
        Optional.of(OriginFault.AWAY), OriginErrors.faultOf(new ConnectException("refused")));
    assertEquals(
        Optional.of(OriginFault.AWAY),
        OriginErrors.faultOf(new IOException(new SocketTimeoutException("Read timed out"))));
    assertEquals(
        Optional.of(OriginFault.DENIED), OriginErrors.faultOf(new AccessDeniedException("/a")));
    assertEquals(
        Optional.of(OriginFault.GONE), OriginErrors.faultOf(new NoSuchFileException("/a")));
  }

  @Test
  void shouldNotGuess() {
    assertEquals(Optional.empty(), of("it is 503 metres long"));
    assertEquals(
        Optional.empty(),
        OriginErrors.faultOf(new FileNotFoundException("Failed to fetch file status a")));
    assertEquals(Optional.empty(), of("Status Code: 416; Error Code: InvalidRange"));
  }

  @Test
  void shouldEndWithCausesInACircle() {
    IOException first = new IOException("one");
    IOException second = new IOException("two", first);
    first.initCause(second);
    assertEquals(Optional.empty(), OriginErrors.faultOf(first));
    assertFalse(OriginErrors.words(first).isEmpty());
  }

  @Test
  void shouldSayInOneLineWhatWasSaid() {
    assertEquals(
        "No right.; [ErrorCode]: AccessDenied",
        OriginErrors.words(
            new IOException("x", new IOException("No right.\n[ErrorCode]: AccessDenied"))));
  }
}
