// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.channel.HostPort;
import io.mows.p2p.locator.PeerInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Where peers can be dialled. For the engine's thread, which never waits for a name server: host
 * names are looked up by threads called {@code mows-resolve}, each name by one at a time, so a name
 * server that does not answer for one host delays nobody but the peers on that host. Addresses are
 * good for {@link HostLookup#FRESH_NS}; older ones are used if no newer one can be had. What is an
 * IP address already never goes to the resolver.
 */
final class AddressBook implements AutoCloseable {
  /** A name that nobody has asked for is forgotten. */
  private static final long FORGET_NS = TimeUnit.MINUTES.toNanos(30);

  private final LongSupplier nanoClock;
  private final NameThreads threads;
  private final Map<Long, PeerInfo> peers = new HashMap<>();
  private final Map<String, HostLookup> hosts = new HashMap<>();

  /**
   * @param engineThread runs a task on the engine's thread unless that has ended
   */
  AddressBook(HostResolver resolver, Executor engineThread, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.threads = new NameThreads(resolver, engineThread);
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
   * HostLookup#PATIENCE_NS} and the time to the next {@link #sweep}. Fails with an {@link
   * IOException}.
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
        .computeIfAbsent(where.host(), host -> new HostLookup(host, threads, nanoClock))
        .find()
        .thenApply(ip -> new InetSocketAddress(ip, where.port()));
  }

  /** The peer could not be dialled where it was said to be: ask again next time. */
  void doubt(long peerId) {
    PeerInfo peer = peers.get(peerId);
    Optional.ofNullable(peer)
        .flatMap(known -> HostPort.parse(known.dataAddress()))
        .map(where -> hosts.get(where.host()))
        .ifPresent(HostLookup::doubt);
  }

  /** To be called now and then: nobody waits for long for a resolver that says nothing. */
  void sweep() {
    long nowNs = nanoClock.getAsLong();
    List.copyOf(hosts.values()).forEach(host -> host.sweep(nowNs));
    hosts.values().removeIf(host -> host.isIdle(nowNs, FORGET_NS));
  }

  /** Does not wait for a thread that hangs in the resolver. Any thread. */
  @Override
  public void close() {
    threads.close();
  }
}
