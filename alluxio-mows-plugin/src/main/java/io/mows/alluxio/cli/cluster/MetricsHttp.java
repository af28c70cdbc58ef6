// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import alluxio.wire.WorkerInfo;
import io.mows.alluxio.master.WebAddress;
import io.mows.p2p.thread.Futures;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Asks workers at their web ports for their status, all at once; those that have none, because it
 * is switched off there or the worker is an older or a stock one, for their metrics.
 */
final class MetricsHttp {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int OK = 200;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

  /** Returns what each worker says, in the order of {@code workers}. Blocks for 10 s at most. */
  List<WorkerMetrics> read(List<WorkerInfo> workers) {
    List<CompletableFuture<WorkerMetrics>> answers = new ArrayList<>();
    workers.forEach(worker -> answers.add(read(worker)));
    return answers.stream().map(CompletableFuture::join).collect(Collectors.toList());
  }

  private CompletableFuture<WorkerMetrics> read(WorkerInfo worker) {
    String name = WebAddress.of(worker.getAddress());
    return get(name, "/mows/api/v1/status")
        .thenCompose(
            response -> {
              try {
                return CompletableFuture.completedFuture(
                    WorkerMetrics.parseStatus(name, body(response)));
              } catch (IOException e) {
                return get(name, "/metrics/json/").thenApply(metrics -> parse(name, metrics));
              }
            })
        .exceptionally(failure -> WorkerMetrics.silent(name, Futures.reasonOf(failure)));
  }

  private CompletableFuture<HttpResponse<String>> get(String worker, String path) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + worker + path)).timeout(TIMEOUT).build();
      return http.sendAsync(request, BodyHandlers.ofString());
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static String body(HttpResponse<String> response) throws IOException {
    if (response.statusCode() != OK) {
      throw new IOException("HTTP status " + response.statusCode());
    }
    return response.body();
  }

  private static WorkerMetrics parse(String name, HttpResponse<String> response) {
    if (response.statusCode() != OK) {
      return WorkerMetrics.silent(name, "HTTP status " + response.statusCode());
    }
    try {
      return WorkerMetrics.parse(name, response.body());
    } catch (IOException e) {
      return WorkerMetrics.silent(name, "no metrics in its answer: " + e.getMessage());
    }
  }
}
