// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.LocatorStatus;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.client.LocatorReader;
import io.mows.p2p.locator.protocol.Announcement;
import io.mows.p2p.locator.protocol.FileChange;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.state.LocatorReplica;
import io.mows.p2p.locator.wire.WireException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A directory in this process, filled by a test; in this package because its entries are. */
public final class FakeLocator implements LocatorTransport {
  private static final long LEASE_MS = 15_000;

  private final String address;
  private final LocatorReplica directory = new LocatorReplica();
  private boolean isClosed;
  private boolean isGone;

  public FakeLocator(String address) {
    this.address = address;
  }

  /** One thing that a peer has. */
  public static Held holds(FileInfo file, int permille, boolean fetching) {
    return new Held(FileChange.put(file, Coverage.ofPermille(permille, fetching)));
  }

  /** As the peer's first message does. */
  public FakeLocator announce(PeerInfo peer, PeerLoad load, Held... files) {
    List<FileChange> changes = new ArrayList<>();
    for (Held file : files) {
      changes.add(file.change);
    }
    Announcement first = Announcement.full(peer, 1, 1, LEASE_MS, load, changes);
    try {
      directory.apply(directory.stamp(first.toBytes(), System.currentTimeMillis()));
    } catch (WireException e) {
      throw new AssertionError(e);
    }
    return this;
  }

  /** What an operator is told. */
  public LocatorStatus status() {
    return new LocatorReader(this).status("/", LocatorReader.MAX_FILES).join();
  }

  public boolean isClosed() {
    return isClosed;
  }

  /** It answers nobody any more. */
  public void leave() {
    isGone = true;
  }

  @Override
  public CompletableFuture<byte[]> write(byte[] entry) {
    return CompletableFuture.failedFuture(new IOException("for reading only"));
  }

  @Override
  public CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
    return isGone
        ? CompletableFuture.failedFuture(new IOException(address + " is gone"))
        : CompletableFuture.completedFuture(directory.answer(query, 7));
  }

  @Override
  public String describe() {
    return address;
  }

  @Override
  public void close() {
    isClosed = true;
  }

  /** What a peer has of one file. Immutable. */
  public static final class Held {
    private final FileChange change;

    private Held(FileChange change) {
      this.change = change;
    }
  }
}
