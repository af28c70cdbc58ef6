// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.Lookup;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.protocol.LookupQuery;
import io.mows.p2p.locator.protocol.QueryCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Asks the directory about files: one question for each file at a time, several files in one query,
 * few queries at once. While the directory does not answer, everybody gets the last known answer at
 * once and only one query at a time tries. Thread-safe; never blocks.
 */
final class LookupQueue {
  private static final int MAX_CACHED_FILES = 20_000;
  private static final int MAX_QUERIES = 2;
  private static final long PAUSE_AFTER_FAILURE_MS = 500;

  private final LocatorSettings settings;
  private final PeerInfo self;
  private final LocatorTransport transport;
  private final LocatorEvents events;
  private final LongSupplier nanoClock;
  private final LookupCache cache;
  private final Map<Long, CompletableFuture<Lookup>> waiting = new HashMap<>();
  private final ArrayDeque<Long> unasked = new ArrayDeque<>();
  private int queries;
  private long pausedUntilNs;
  private boolean isPaused;

  LookupQueue(
      LocatorSettings settings,
      PeerInfo self,
      LocatorTransport transport,
      LocatorEvents events,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.self = self;
    this.transport = transport;
    this.events = events;
    this.nanoClock = nanoClock;
    this.cache = new LookupCache(MAX_CACHED_FILES, settings.leaseMs(), settings.neighbours());
  }

  List<CompletableFuture<Lookup>> lookup(List<Long> fileIds) {
    long now = nanoClock.getAsLong();
    List<CompletableFuture<Lookup>> answers = new ArrayList<>(fileIds.size());
    fileIds.forEach(fileId -> answers.add(enqueue(fileId, now)));
    ask();
    return answers;
  }

  private CompletableFuture<Lookup> enqueue(long fileId, long now) {
    Lookup known = lastKnown(fileId, now);
    if (known.isKnown() && known.ageMs() <= settings.lookupFreshMs()) {
      events.lookedUp(true, 0);
      return CompletableFuture.completedFuture(known);
    }
    synchronized (this) {
      if (isPaused && now - pausedUntilNs < 0) {
        return CompletableFuture.completedFuture(known);
      }
      CompletableFuture<Lookup> answer = waiting.get(fileId);
      if (answer == null) {
        answer = new CompletableFuture<>();
        waiting.put(fileId, answer);
        unasked.add(fileId);
      }
      return answer.copy();
    }
  }

  private Lookup lastKnown(long fileId, long now) {
    return cache.get(fileId, now).orElseGet(() -> Lookup.unknown(fileId));
  }

  private void ask() {
    List<Long> batch = nextBatch();
    if (batch.isEmpty()) {
      return;
    }
    LookupQuery query =
        new LookupQuery(self.id(), self.group(), settings.neighbours(), settings.owners(), batch);
    long startNs = nanoClock.getAsLong();
    CompletableFuture<byte[]> reply;
    try {
      reply = transport.read(QueryCodec.write(query));
    } catch (RuntimeException e) {
      reply = CompletableFuture.failedFuture(e);
    }
    reply
        .thenApply(bytes -> bytes) // the timeout is ours, not the transport's
        .orTimeout(settings.lookupTimeoutMs(), TimeUnit.MILLISECONDS)
        .whenComplete((bytes, error) -> finish(batch, bytes, error, startNs));
  }

  private synchronized List<Long> nextBatch() {
    List<Long> batch = new ArrayList<>();
    if (queries < (isPaused ? 1 : MAX_QUERIES)) {
      while (!unasked.isEmpty() && batch.size() < LookupQuery.MAX_FILES) {
        batch.add(unasked.remove());
      }
      queries += batch.isEmpty() ? 0 : 1;
    }
    return batch;
  }

  private void finish(List<Long> batch, byte[] bytes, Throwable error, long startNs) {
    List<Lookup> answers = List.of();
    Throwable failure = error;
    if (failure == null) {
      try {
        answers = QueryCodec.readLookups(bytes);
      } catch (Exception e) {
        failure = e;
      }
    }
    long now = nanoClock.getAsLong();
    if (failure != null) {
      events.lookupFailed(failure);
    } else {
      events.lookedUp(false, now - startNs);
    }
    Map<Long, Lookup> found = new HashMap<>();
    for (Lookup answer : answers) {
      found.put(answer.fileId(), cache.put(answer, now));
    }
    settle(retire(batch, failure != null, now), found, now);
    ask();
  }

  /** Returns those who get an answer now: the batch, and everybody who waits if it failed. */
  private synchronized Map<Long, CompletableFuture<Lookup>> retire(
      List<Long> batch, boolean hasFailed, long now) {
    queries--;
    isPaused = hasFailed;
    List<Long> done = new ArrayList<>(batch);
    if (hasFailed) {
      pausedUntilNs = now + TimeUnit.MILLISECONDS.toNanos(PAUSE_AFTER_FAILURE_MS);
      done.addAll(unasked);
      unasked.clear();
    }
    Map<Long, CompletableFuture<Lookup>> answered = new HashMap<>();
    done.forEach(fileId -> answered.put(fileId, waiting.remove(fileId)));
    return answered;
  }

  private void settle(
      Map<Long, CompletableFuture<Lookup>> answered, Map<Long, Lookup> found, long now) {
    answered.forEach(
        (fileId, answer) -> {
          Lookup fresh = found.get(fileId);
          answer.complete(fresh != null ? fresh : lastKnown(fileId, now));
        });
  }
}
