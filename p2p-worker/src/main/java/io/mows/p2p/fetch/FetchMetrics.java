// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.StoreException;
import io.mows.p2p.swarm.origin.OriginFault;

/** What happened, for metrics. Implementations are thread-safe and return at once. */
public interface FetchMetrics {
  /** Where bytes given to a reader came from. */
  enum ServedFrom {
    /** A block that was in the cache already. */
    MEMORY,
    /** A block that is still being filled. */
    IN_FLIGHT,
    /** A piece that is not cached because there was no room. */
    UNCACHED
  }

  /** Where a piece came from. */
  enum Source {
    ORIGIN,
    /** A peer of the own group. */
    PEER,
    /** A peer of the warm-up group. */
    WARMUP,
    /** This worker's memory: a block of another file has the same bytes, and two names now. */
    LINK
  }

  void served(ServedFrom from, int bytes);

  /** The first reader, load or read-ahead wants something of a file that is not being fetched. */
  default void fetchBegun(FileSpec file) {}

  void pieceArrived(FileSpec file, int piece, Source from);

  /**
   * A peer has sent a piece, which {@link #pieceArrived} tells, too.
   *
   * @param peerId as {@code PeerInfo.idHash} says
   */
  default void receivedFrom(long peerId, int bytes) {}

  /**
   * All of a file is here, and all of it was fetched now.
   *
   * @param elapsedNs since the first piece was started
   */
  void fileArrived(long bytes, long elapsedNs);

  /** A peer did not deliver a piece; it is had from elsewhere. */
  void downloadFailed(FileSpec file, Throwable failure);

  /** A read of the piece at {@code offset} failed. */
  void pieceFailed(FileSpec file, long offset, Throwable failure, boolean givenUp);

  /** The origin is away or denies what it was asked for; it is asked again later. */
  void originRefused(FileSpec file, OriginException why);

  /** An origin does not answer any more: it is asked one question at a time. */
  void originClosed(long mountId, OriginFault fault, String reason);

  /** An origin answers again: all goes on. */
  void originOpened(long mountId, OriginFault fault, long forMs);

  /** These wait for an origin that was asked and has sent nothing for a while. Told repeatedly. */
  void originSilent(OriginWait wait, Waiters waiters);

  /** Readers or loads have waited long enough for what is at {@code offset}, and are told. */
  void originGivenUp(OriginWait wait, long offset);

  /** A reader had to wait for a piece. */
  void readerWaited(long waitNs);

  void blockCommitted();

  /** There was no room for a block, or it could not be had; what is read of it is not cached. */
  void blockRefused(FileSpec file, int block, Throwable why);

  /** Bytes could not be written into the cache: nobody's fault but this worker's. */
  void storeFailed(StoreException failure);

  /** A reserved block was given back unfinished. */
  void blockAborted();

  /** All pieces of a file have come together to what its manifest says. */
  void fileProven(FileSpec file);

  /**
   * All pieces of a file agree, and together they are not what its manifest says.
   *
   * @param again whether it was read again from the origin already: it is given up then
   */
  void fileWrong(WrongFile file, boolean again);

  /** A piece was not that of the proven file; it is had from elsewhere. */
  void pieceWrong();

  /** A piece in memory was not any more what had been put there; it is fetched again. */
  void pieceRotten();

  /** Nothing is taken from a peer for a while: it has sent wrong bytes too often. */
  void peerQuarantined();

  /** The origin's file is not the one that Alluxio knows. */
  void sourceChanged();
}
