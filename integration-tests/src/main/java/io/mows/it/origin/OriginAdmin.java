// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/**
 * Client of an origin's admin API, for origins in another process. Thread-safe; calls block and
 * throw {@link IOException} if the origin cannot be reached or refuses.
 */
public final class OriginAdmin {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI base;

  /** {@code base}: {@code http://host:adminPort}. */
  public OriginAdmin(URI base) {
    this.base = base;
  }

  public OriginStats stats() throws IOException {
    return JSON.readValue(send(request("/stats").GET().build()), OriginStats.class);
  }

  /** See {@link TestOrigin#resetCounters()}. */
  public void resetCounters() throws IOException {
    post("/reset", "");
  }

  /** See {@link TestOrigin#setFaults(List)}. */
  public void setFaults(List<Fault> faults) throws IOException {
    post("/faults", JSON.writeValueAsString(faults));
  }

  /** See {@link TestOrigin#setShaping(Shaping)}. */
  public void setShaping(Shaping shaping) throws IOException {
    post("/shaping", JSON.writeValueAsString(shaping));
  }

  private void post(String path, String body) throws IOException {
    send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT);
  }

  private String send(HttpRequest request) throws IOException {
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(
            request.uri() + " answered " + response.statusCode() + ": " + response.body());
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while calling " + request.uri());
    }
  }
}
