// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.channel.StoreException;
import io.mows.p2p.fetch.ArrivedBytes;
import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.Waiters;
import io.mows.p2p.fetch.WrongFile;
import io.mows.p2p.swarm.origin.OriginFault;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what happened. */
final class RecordingEvents implements FetchMetrics {
  final AtomicInteger piecesArrived = new AtomicInteger();
  final AtomicLong bytesArrived = new AtomicLong();
  final AtomicInteger piecesFailed = new AtomicInteger();
  final AtomicInteger piecesGivenUp = new AtomicInteger();
  final AtomicInteger waits = new AtomicInteger();
  final AtomicInteger committed = new AtomicInteger();
  final AtomicInteger refused = new AtomicInteger();
  final AtomicInteger storeFailures = new AtomicInteger();
  final AtomicInteger aborted = new AtomicInteger();
  final AtomicInteger changed = new AtomicInteger();
  final AtomicInteger filesArrived = new AtomicInteger();
  final AtomicInteger downloadsFailed = new AtomicInteger();
  final AtomicInteger proven = new AtomicInteger();
  final AtomicInteger wrongOnce = new AtomicInteger();
  final AtomicInteger wrongAgain = new AtomicInteger();
  final AtomicInteger piecesWrong = new AtomicInteger();
  final AtomicInteger piecesRotten = new AtomicInteger();
  final AtomicInteger quarantined = new AtomicInteger();
  final AtomicInteger originRefusals = new AtomicInteger();
  final AtomicInteger originsClosed = new AtomicInteger();
  final AtomicInteger originsOpened = new AtomicInteger();
  final AtomicInteger originsSilent = new AtomicInteger();
  final AtomicInteger originsGivenUp = new AtomicInteger();
  final ArrivedBytes arrived = new ArrivedBytes(System::nanoTime);
  private final Map<ServedFrom, AtomicLong> served = new EnumMap<>(ServedFrom.class);
  private final Map<Source, AtomicLong> arrivedFrom = new EnumMap<>(Source.class);

  RecordingEvents() {
    for (ServedFrom from : ServedFrom.values()) {
      served.put(from, new AtomicLong());
    }
    for (Source from : Source.values()) {
      arrivedFrom.put(from, new AtomicLong());
    }
  }

  long bytesFrom(Source source) {
    return arrivedFrom.get(source).get();
  }

  long bytesServed(ServedFrom from) {
    return served.get(from).get();
  }

  @Override
  public void served(ServedFrom from, int bytes) {
    served.get(from).addAndGet(bytes);
  }

  @Override
  public void pieceArrived(FileSpec file, int piece, Source from) {
    int bytes = file.layout().pieceLength(piece);
    arrived.add(file.fileId(), from, bytes);
    piecesArrived.incrementAndGet();
    bytesArrived.addAndGet(bytes);
    arrivedFrom.get(from).addAndGet(bytes);
  }

  @Override
  public void pieceFailed(FileSpec file, long offset, Throwable failure, boolean givenUp) {
    piecesFailed.incrementAndGet();
    if (givenUp) {
      piecesGivenUp.incrementAndGet();
    }
  }

  @Override
  public void originRefused(FileSpec file, OriginException why) {
    originRefusals.incrementAndGet();
  }

  @Override
  public void originClosed(long mountId, OriginFault fault, String reason) {
    originsClosed.incrementAndGet();
  }

  @Override
  public void originOpened(long mountId, OriginFault fault, long forMs) {
    originsOpened.incrementAndGet();
  }

  @Override
  public void originSilent(OriginWait wait, Waiters waiters) {
    originsSilent.incrementAndGet();
  }

  @Override
  public void originGivenUp(OriginWait wait, long offset) {
    originsGivenUp.incrementAndGet();
  }

  @Override
  public void readerWaited(long waitNs) {
    waits.incrementAndGet();
  }

  @Override
  public void blockCommitted() {
    committed.incrementAndGet();
  }

  @Override
  public void blockRefused(FileSpec file, int block, Throwable why) {
    refused.incrementAndGet();
  }

  @Override
  public void storeFailed(StoreException failure) {
    storeFailures.incrementAndGet();
  }

  @Override
  public void blockAborted() {
    aborted.incrementAndGet();
  }

  @Override
  public void fileProven(FileSpec file) {
    proven.incrementAndGet();
  }

  @Override
  public void fileWrong(WrongFile file, boolean again) {
    (again ? wrongAgain : wrongOnce).incrementAndGet();
  }

  @Override
  public void pieceWrong() {
    piecesWrong.incrementAndGet();
  }

  @Override
  public void pieceRotten() {
    piecesRotten.incrementAndGet();
  }

  @Override
  public void peerQuarantined() {
    quarantined.incrementAndGet();
  }

  @Override
  public void sourceChanged() {
    changed.incrementAndGet();
  }

  @Override
  public String toString() {
    return "pieces "
        + piecesArrived
        + ", failed "
        + piecesFailed
        + ", given up "
        + piecesGivenUp
        + ", committed "
        + committed
        + ", refused "
        + refused
        + ", writes failed "
        + storeFailures
        + ", aborted "
        + aborted
        + ", served "
        + served;
  }

  @Override
  public void fileArrived(long bytes, long elapsedNs) {
    filesArrived.incrementAndGet();
  }

  @Override
  public void downloadFailed(FileSpec file, Throwable failure) {
    downloadsFailed.incrementAndGet();
  }
}
