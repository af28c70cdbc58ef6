// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.auto.LocatorHosting;
import io.mows.p2p.locator.auto.PortProbe;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.raft.RaftLocatorSettings.Timing;
import io.mows.p2p.locator.wire.MessageSeal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One-member groups for {@link io.mows.p2p.locator.auto.AutoTransport}. Immutable and thread-safe.
 */
public final class RaftHosting implements LocatorHosting {
  private final Path dir;
  private final MessageSeal seal;
  private final Optional<LocatorTls> tls;
  private final Timing timing;
  private final String bindHost;
  private final int dataPort;
  private final LocatorEvents events;

  /**
   * @param bindHost the local address to listen on, {@code 0.0.0.0} for all
   * @param dataPort where each worker has its data channel
   * @param events hears of connections that are turned away
   * @param dir for log and snapshots; what it holds is deleted when a directory is hosted anew
   */
  public RaftHosting(
      Path dir,
      MessageSeal seal,
      Optional<LocatorTls> tls,
      Timing timing,
      String bindHost,
      int dataPort,
      LocatorEvents events) {
    this.dir = dir.resolve("auto");
    this.seal = seal;
    this.tls = tls;
    this.timing = timing;
    this.bindHost = bindHost;
    this.dataPort = dataPort;
    this.events = events;
  }

  @Override
  public AutoCloseable host(String address) throws IOException {
    deleteAll();
    return RaftMember.start(settings(address), bindHost, address, dir, events);
  }

  @Override
  public LocatorTransport connect(String address) {
    return new RaftTransport(settings(address));
  }

  @Override
  public boolean isAbsent(String address) {
    return PortProbe.isAbsent(address, dataPort);
  }

  private RaftLocatorSettings settings(String address) {
    return new RaftLocatorSettings(List.of(address), seal, tls, timing);
  }

  /** Who hosted before this worker knows more by now than these files. */
  private void deleteAll() throws IOException {
    if (!Files.exists(dir)) {
      return;
    }
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }
}
