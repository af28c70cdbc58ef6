// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.eclipse.jetty.http.DateGenerator;

/** Signed requests with path addressing over java.net.http, one connection per client. */
final class RawClient {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final TestOrigin origin;
  private final String bucket;

  RawClient(TestOrigin origin, String bucket) {
    this.origin = origin;
    this.bucket = bucket;
  }

  HttpResponse<byte[]> get(String key, String... headers) throws IOException, InterruptedException {
    return client.send(request("GET", key, headers), HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<String> text(String method, String key, String... headers)
      throws IOException, InterruptedException {
    return client.send(request(method, key, headers), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<InputStream> stream(String key) throws IOException, InterruptedException {
    return client.send(request("GET", key), HttpResponse.BodyHandlers.ofInputStream());
  }

  /** {@code key} must need no escapes; it may carry a query of unsigned parameters. */
  HttpRequest request(String method, String key, String... headers) {
    String resource =
        "/" + bucket + "/" + (key.contains("?") ? key.substring(0, key.indexOf('?')) : key);
    return signed(
        origin,
        method,
        "/" + bucket + "/" + key,
        resource,
        DateGenerator.formatDate(System.currentTimeMillis()),
        "test-secret",
        headers);
  }

  static HttpRequest signed(
      TestOrigin origin,
      String method,
      String pathAndQuery,
      String resource,
      String date,
      String secret,
      String... headers) {
    StringBuilder ossHeaders = new StringBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i].startsWith("x-oss-")) {
        ossHeaders.append(headers[i]).append(':').append(headers[i + 1]).append('\n');
      }
    }
    String signature =
        OssSignature.sign(method + "\n\n\n" + date + "\n" + ossHeaders + resource, secret);
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(origin.endpoint() + pathAndQuery))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Date", date)
            .header("Authorization", "OSS test:" + signature);
    if (headers.length > 0) {
      builder.headers(headers);
    }
    return builder.build();
  }

  HttpClient client() {
    return client;
  }
}
