// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The address of one name, and who waits for it. For the engine's thread. */
final class HostLookup {
  static final long FRESH_NS = TimeUnit.SECONDS.toNanos(30);

  /** Who waits for longer has the old address, or none. */
  static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(2);

  private final String name;
  private final NameThreads threads;
  private final LongSupplier nanoClock;
  private final List<CompletableFuture<InetAddress>> waiting = new ArrayList<>();
  private InetAddress address;
  private long goodUntilNs;
  private boolean isAsked;
  private long askedNs;

  HostLookup(String name, NameThreads threads, LongSupplier nanoClock) {
    this.name = name;
    this.threads = threads;
    this.nanoClock = nanoClock;
  }

  /** There at once if it is fresh, else later. */
  CompletableFuture<InetAddress> find() {
    long nowNs = nanoClock.getAsLong();
    if (address != null && goodUntilNs - nowNs > 0) {
      return CompletableFuture.completedFuture(address);
    }
    CompletableFuture<InetAddress> found = new CompletableFuture<>();
    waiting.add(found);
    if (!isAsked) {
      isAsked = true;
      askedNs = nowNs;
      threads.lookUp(name, this::resolved, this::failed);
    } else {
      sweep(nowNs);
    }
    return found;
  }

  /** Nobody waits for long for a name server that says nothing. */
  void sweep(long nowNs) {
    if (isAsked && nowNs - askedNs > PATIENCE_NS) {
      answer(new IOException("no name server answers for " + name));
    }
  }

  /** It was of no use: ask again next time. */
  void doubt() {
    goodUntilNs = nanoClock.getAsLong();
  }

  /** Whether nobody has asked for so long. */
  boolean isIdle(long nowNs, long forNs) {
    return !isAsked && nowNs - askedNs > forNs;
  }

  private void resolved(InetAddress ip) {
    isAsked = false;
    address = ip;
    goodUntilNs = nanoClock.getAsLong() + FRESH_NS;
    answer(null);
  }

  private void failed(Exception cause) {
    isAsked = false;
    answer(new IOException("no address of " + name + ": " + cause.getMessage(), cause));
  }

  /** All who wait get the address that is known, or else {@code failure}. */
  private void answer(IOException failure) {
    List<CompletableFuture<InetAddress>> answered = List.copyOf(waiting);
    waiting.clear();
    for (CompletableFuture<InetAddress> one : answered) {
      if (address != null) {
        one.complete(address);
      } else {
        one.completeExceptionally(failure);
      }
    }
  }
}
