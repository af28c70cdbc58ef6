// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.thread.Futures;
import io.mows.p2p.thread.NamedThreads;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Whether other workers reach this one: has some of them dial it ({@link DialBack}), soon after the
 * start and again every ten minutes. Has one thread, {@code mows-reach}, once {@link #start}ed.
 * Thread-safe.
 */
public final class Reachability implements AutoCloseable {
  /** Who is asked one after the other, until one says something. Another worker, other ones. */
  private static final int MAX_ASKED = 3;

  private static final long ANSWER_S = 30;
  private static final long UNKNOWN_MS = 20_000;
  private static final long KNOWN_MS = 600_000;

  /** Such a worker asks again, if it is still there. */
  private static final long FORGET_NS = TimeUnit.MILLISECONDS.toNanos(2 * KNOWN_MS);

  private final PeerInfo self;
  private final ScheduledExecutorService thread;
  private volatile Function<String, CompletableFuture<Optional<String>>> asking =
      address -> CompletableFuture.failedFuture(new IllegalStateException("nothing is open yet"));
  private volatile Result result = Result.NONE;
  private final Map<String, Unreached> unreached = new ConcurrentHashMap<>();

  Reachability(PeerInfo self) {
    this.self = self;
    this.thread = NamedThreads.scheduled("mows-reach");
  }

  /**
   * @param asks has who listens at an address dial this worker; see {@link DialBack#ask}
   */
  void askBy(Function<String, CompletableFuture<Optional<String>>> asks) {
    asking = asks;
  }

  /**
   * Begins, once.
   *
   * @param peers all workers that share, this one among them or not
   * @param firstMs when to ask first
   */
  public void start(Supplier<CompletableFuture<List<PeerInfo>>> peers, long firstMs) {
    thread.schedule(() -> step(peers), firstMs, TimeUnit.MILLISECONDS);
  }

  private void step(Supplier<CompletableFuture<List<PeerInfo>>> peers) {
    try {
      find(peers.get().get(ANSWER_S, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (Exception e) {
      // Nobody to ask, and nobody who could be told otherwise.
      result = Result.NONE;
    }
    long pauseMs = result.isKnown ? KNOWN_MS : UNKNOWN_MS;
    thread.schedule(() -> step(peers), pauseMs, TimeUnit.MILLISECONDS);
  }

  /** Has who listens there dial this worker; see {@link DialBack#ask}. */
  CompletableFuture<Optional<String>> ask(String peerAddress) {
    return asking.apply(peerAddress);
  }

  /** Asks until one of {@code peers} has said whether it reaches this worker. Blocks. */
  void find(List<PeerInfo> peers) throws InterruptedException {
    List<PeerInfo> others =
        peers.stream()
            .filter(peer -> peer.idHash() != self.idHash())
            .sorted(
                Comparator.comparingLong((PeerInfo peer) -> Rendezvous.hash(self.id() + peer.id())))
            .limit(MAX_ASKED)
            .collect(Collectors.toList());
    List<String> silent = new ArrayList<>();
    for (PeerInfo peer : others) {
      try {
        Optional<String> obstacle = ask(peer.dataAddress()).get(ANSWER_S, TimeUnit.SECONDS);
        result = new Result(true, peer.id(), obstacle, "");
        return;
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        Throwable cause = e.getCause() == null ? e : Futures.causeOf(e.getCause());
        silent.add(peer.id() + ": " + Futures.reasonOf(cause));
      }
    }
    result = new Result(false, "", Optional.empty(), String.join("; ", silent));
  }

  /**
   * This worker has dialled another one that wanted to know.
   *
   * @param obstacle empty if it was reached
   */
  void dialled(String peerId, String address, String obstacle) {
    if (obstacle.isEmpty()) {
      unreached.remove(peerId);
    } else {
      unreached.put(peerId, new Unreached(peerId + " at " + address + ": " + obstacle));
    }
  }

  /** Which workers asked this one to dial them and were not reached: where, and why not. */
  public List<String> unreached() {
    long nowNs = System.nanoTime();
    unreached.values().removeIf(one -> nowNs - one.sinceNs > FORGET_NS);
    return unreached.values().stream().map(one -> one.text).sorted().collect(Collectors.toList());
  }

  /** The worker that was asked last and has answered; empty if there is none. */
  public Optional<String> answeredBy() {
    return Optional.of(result.peer).filter(peer -> !peer.isEmpty());
  }

  /** Why {@link #answeredBy} does not reach this worker; empty if it does. */
  public Optional<String> obstacle() {
    return result.obstacle;
  }

  /** Who was asked and has not answered, and why; empty if nobody, or somebody has answered. */
  public Optional<String> silent() {
    return Optional.of(result.silent).filter(who -> !who.isEmpty());
  }

  @Override
  public void close() {
    NamedThreads.stop(thread, "mows-reach");
  }

  /** A worker that could not be reached. Immutable. */
  private static final class Unreached {
    private final String text;
    private final long sinceNs = System.nanoTime();

    Unreached(String text) {
      this.text = text;
    }
  }

  /** What was found last. Immutable. */
  private static final class Result {
    static final Result NONE = new Result(false, "", Optional.empty(), "");

    private final boolean isKnown;
    private final String peer;
    private final Optional<String> obstacle;
    private final String silent;

    Result(boolean isKnown, String peer, Optional<String> obstacle, String silent) {
      this.isKnown = isKnown;
      this.peer = peer;
      this.obstacle = obstacle;
      this.silent = silent;
    }
  }
}
