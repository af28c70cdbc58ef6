// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.channel.HostPort;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Where peers can be dialled. For the engine's thread, which never waits for a name server: host
 * names are looked up by threads called {@code mows-resolve}, each name by one at a time, so a name
 * server that does not answer for one host delays nobody but the peers on that host. Addresses are
 * good for {@link #FRESH_NS}; older ones are used if no newer one can be had. What is an IP address
 * already never goes to the resolver.
 */
final class AddressBook implements AutoCloseable {
  static final long FRESH_NS = TimeUnit.SECONDS.toNanos(30);

  /** Who waits for longer has its old address, or none. */
  static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(2);

  /** A name that nobody has asked for is forgotten. */
  private static final long FORGET_NS = TimeUnit.MINUTES.toNanos(30);

  /** So many names may be without an answer before others have to wait. */
  static final int THREADS = 16;

  private static final long IDLE_THREAD_S = 10;

  private final HostResolver resolver;
  private final Executor engineThread;
  private final LongSupplier nanoClock;
  private final ThreadPoolExecutor threads;
  private final Map<Long, PeerInfo> peers = new HashMap<>();
  private final Map<String, Host> hosts = new HashMap<>();

  /**
   * @param engineThread runs a task on the engine's thread unless that has ended
   */
  AddressBook(HostResolver resolver, Executor engineThread, LongSupplier nanoClock) {
    this.resolver = resolver;
    this.engineThread = engineThread;
    this.nanoClock = nanoClock;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_THREAD_S,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            NamedThreads.many("mows-resolve"));
    threads.allowCoreThreadTimeOut(true);
  }

  /** Replaces what was known of this peer. */
  void know(PeerInfo peer) {
    peers.put(peer.idHash(), peer);
  }

  Optional<PeerInfo> peer(long peerId) {
    return Optional.ofNullable(peers.get(peerId));
  }

  /**
   * Where to dial this peer: there at once, or on the engine's thread later, within {@link
   * #PATIENCE_NS} and the time to the next {@link #sweep}. Fails with an {@link IOException}.
   */
  CompletableFuture<InetSocketAddress> find(long peerId) {
    PeerInfo peer = peers.get(peerId);
    if (peer == null) {
      return CompletableFuture.failedFuture(new IOException("its address is not known"));
    }
    return HostPort.parse(peer.dataAddress())
        .map(this::find)
        .orElseGet(
            () ->
                CompletableFuture.failedFuture(
                    new IOException(
                        "its address is not " + HostPort.SYNTAX + " but " + peer.dataAddress())));
  }

  /** As {@link #find(long)}. */
  CompletableFuture<InetSocketAddress> find(HostPort where) {
    Optional<InetAddress> address = where.address();
    if (address.isPresent()) {
      return CompletableFuture.completedFuture(new InetSocketAddress(address.get(), where.port()));
    }
    return hosts
        .computeIfAbsent(where.host(), Host::new)
        .find()
        .thenApply(ip -> new InetSocketAddress(ip, where.port()));
  }

  /** The peer could not be dialled where it was said to be: ask again next time. */
  void doubt(long peerId) {
    PeerInfo peer = peers.get(peerId);
    Optional.ofNullable(peer)
        .flatMap(known -> HostPort.parse(known.dataAddress()))
        .map(where -> hosts.get(where.host()))
        .ifPresent(host -> host.goodUntilNs = nanoClock.getAsLong());
  }

  /** To be called now and then: nobody waits for long for a resolver that says nothing. */
  void sweep() {
    long nowNs = nanoClock.getAsLong();
    for (Host host : List.copyOf(hosts.values())) {
      if (host.isAsked && nowNs - host.askedNs > PATIENCE_NS) {
        host.answer(new IOException("no name server answers for " + host.name));
      }
    }
    hosts.values().removeIf(host -> !host.isAsked && nowNs - host.askedNs > FORGET_NS);
  }

  /** Does not wait for a thread that hangs in the resolver. Any thread. */
  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** One name, and who waits for its address. */
  private final class Host {
    private final String name;
    private final List<CompletableFuture<InetAddress>> waiting = new ArrayList<>();
    private InetAddress address;
    private long goodUntilNs;
    private boolean isAsked;
    private long askedNs;

    Host(String name) {
      this.name = name;
    }

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
        ask();
      } else if (nowNs - askedNs > PATIENCE_NS) {
        answer(new IOException("no name server answers for " + name));
      }
      return found;
    }

    private void ask() {
      try {
        threads.execute(
            () -> {
              try {
                InetAddress ip = resolver.resolve(name);
                engineThread.execute(() -> resolved(ip));
              } catch (UnknownHostException | RuntimeException e) {
                engineThread.execute(() -> failed(e));
              }
            });
      } catch (RejectedExecutionException e) {
        failed(e);
      }
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
}
