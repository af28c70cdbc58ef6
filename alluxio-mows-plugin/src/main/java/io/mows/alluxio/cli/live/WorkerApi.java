// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.output.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks a worker at its web port. Blocks for some seconds at most. */
@FunctionalInterface
public interface WorkerApi {
  /**
   * @param worker {@code host:port} of its web server
   * @param pathAndQuery below {@code /mows/}
   * @throws IOException if it does not answer, or not in JSON; says what to look at
   */
  JsonNode get(String worker, String pathAndQuery) throws IOException;

  /**
   * Over HTTP. Every {@code alluxio fs} makes all commands: no client before the first question.
   */
  static WorkerApi http() {
    return (worker, pathAndQuery) -> Http.get(worker, pathAndQuery);
  }

  /** What is loaded with the first question. */
  final class Http {
    private static final HttpClient CLIENT =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private Http() {}

    private static JsonNode get(String worker, String pathAndQuery) throws IOException {
      HttpResponse<byte[]> response;
      try {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://" + worker + "/mows/" + pathAndQuery))
                .timeout(TIMEOUT)
                .build();
        response = CLIENT.send(request, BodyHandlers.ofByteArray());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Interrupted while asking " + worker);
      } catch (IllegalArgumentException e) {
        throw new IOException(worker + " is no host:port: " + e.getMessage(), e);
      }
      String type = response.headers().firstValue("Content-Type").orElse("");
      if (!type.startsWith("application/json")) {
        throw new IOException(
            "The worker at "
                + worker
                + " has no /mows/ on its web port (HTTP status "
                + response.statusCode()
                + "): it is a stock worker or an older one, or alluxio.mows.web.enabled=false");
      }
      return Json.parse(response.body());
    }
  }
}
