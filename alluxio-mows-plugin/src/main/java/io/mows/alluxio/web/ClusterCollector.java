// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.web;

import alluxio.wire.WorkerInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.cli.output.Json;
import io.mows.alluxio.locator.LiveWorkers;
import io.mows.alluxio.master.WebAddress;
import io.mows.alluxio.status.ClusterStatus;
import io.mows.alluxio.status.WarmupRows;
import io.mows.alluxio.status.WorkerAnswer;
import io.mows.p2p.locator.jobs.JobsView;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Asks all workers for their status while somebody looks: at most once in {@value #MIN_AGE_MS} ms,
 * and never for more than a tenth of the time. Thread-safe; who comes while others are asked waits
 * for the same answer, some seconds at most.
 */
public final class ClusterCollector {
  private static final long MIN_AGE_MS = 900;
  private static final int REST_TIMES = 10;
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int OK = 200;

  private final String self;
  private final Supplier<JsonNode> ownStatus;
  private final LiveWorkers master;
  private final Supplier<CompletableFuture<JobsView>> jobs;
  private final LongSupplier millisClock;
  private HttpClient http;
  private List<WorkerInfo> lastWorkers = List.of();
  private ObjectNode known;
  private long knownSinceNs;
  private long tookNs;

  /**
   * @param self {@code host:port} of this worker's web server
   * @param jobs asks the locator for the warm-up jobs
   */
  public ClusterCollector(
      String self,
      Supplier<JsonNode> ownStatus,
      LiveWorkers master,
      Supplier<CompletableFuture<JobsView>> jobs,
      LongSupplier millisClock) {
    this.self = self;
    this.ownStatus = ownStatus;
    this.master = master;
    this.jobs = jobs;
    this.millisClock = millisClock;
  }

  /** What all workers together do; must not be changed. */
  public synchronized JsonNode json() {
    long nowNs = System.nanoTime();
    long ageNs = Math.max(TimeUnit.MILLISECONDS.toNanos(MIN_AGE_MS), REST_TIMES * tookNs);
    if (known == null || nowNs - knownSinceNs >= ageNs) {
      known = collect();
      knownSinceNs = System.nanoTime();
      tookNs = knownSinceNs - nowNs;
      known.put("refreshMs", Math.max(2_000, TimeUnit.NANOSECONDS.toMillis(REST_TIMES * tookNs)));
    }
    return known;
  }

  private ObjectNode collect() {
    CompletableFuture<JobsView> view = jobs.get();
    String failure = null;
    try {
      lastWorkers = master.list();
    } catch (IOException | RuntimeException e) {
      failure = "The master does not list the workers: " + e.getMessage();
    }
    List<CompletableFuture<WorkerAnswer>> asked = new ArrayList<>();
    asked.add(CompletableFuture.completedFuture(WorkerAnswer.of(self, ownStatus.get())));
    for (WorkerInfo worker : lastWorkers) {
      String name = WebAddress.of(worker.getAddress());
      if (!name.equals(self)) {
        asked.add(ask(name));
      }
    }
    List<WorkerAnswer> answers = new ArrayList<>();
    asked.forEach(answer -> answers.add(answer.join()));
    ObjectNode json = ClusterStatus.json(millisClock.getAsLong(), self, answers);
    json.put("failure", failure);
    WarmupRows.write(json, view(view, json));
    return json;
  }

  private static JobsView view(CompletableFuture<JobsView> jobs, ObjectNode json) {
    try {
      return jobs.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      json.put("jobsFailure", "The locator does not tell of warm-up jobs: " + Futures.reasonOf(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return JobsView.NONE;
  }

  private CompletableFuture<WorkerAnswer> ask(String worker) {
    if (http == null) {
      http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    }
    CompletableFuture<HttpResponse<byte[]>> answer;
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + worker + "/mows/api/v1/status"))
              .timeout(TIMEOUT)
              .build();
      answer = http.sendAsync(request, BodyHandlers.ofByteArray());
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(WorkerAnswer.none(worker, e.getMessage()));
    }
    return answer
        .thenApply(response -> parse(worker, response))
        .exceptionally(e -> WorkerAnswer.none(worker, "does not answer: " + Futures.reasonOf(e)));
  }

  private static WorkerAnswer parse(String worker, HttpResponse<byte[]> response) {
    if (response.statusCode() != OK) {
      return WorkerAnswer.none(
          worker, "has no page: it is a stock worker, an older one, or its page is off");
    }
    try {
      JsonNode status = Json.parse(response.body());
      return status.path("version").isInt()
          ? WorkerAnswer.of(worker, status)
          : WorkerAnswer.none(worker, "answers with something else");
    } catch (IOException e) {
      return WorkerAnswer.none(worker, "answers with something else: " + e.getMessage());
    }
  }
}
