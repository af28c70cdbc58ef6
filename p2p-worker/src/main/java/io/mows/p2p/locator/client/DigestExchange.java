// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.protocol.DigestCodec;
import io.mows.p2p.locator.protocol.DigestEntry;
import io.mows.p2p.locator.protocol.EntryReply;
import io.mows.p2p.locator.protocol.EntryReply.Result;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.protocol.QueryCodec;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.piece.Rendezvous;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the directory which files this worker has proven, and asks it for what others have. Each
 * digest is told by few: every worker waits for a moment of its own, then asks whether it is there.
 * Runs on the locator's thread, but for {@link #ask}.
 */
final class DigestExchange {
  private static final Logger LOG = LoggerFactory.getLogger(DigestExchange.class);
  private static final long STEP_MS = 100;
  private static final long SPREAD_MS = 1_000;
  private static final long RETRY_MS = 3_000;

  private final PeerInfo self;
  private final long session;
  private final LocatorTransport transport;
  private final LocatorSettings settings;
  private final ScheduledExecutorService loop;
  private final LongSupplier directoryEpoch;
  private final LongSupplier nanoClock;
  private final Map<Long, Line> lines = new HashMap<>();
  private final Set<Long> untold = new LinkedHashSet<>();
  private boolean inFlight;
  private long epoch;

  /**
   * @param directoryEpoch which life of the directory answers now; 0 if that is not known
   */
  DigestExchange(
      LocatorSettings settings,
      PeerInfo self,
      long session,
      LocatorTransport transport,
      ScheduledExecutorService loop,
      LongSupplier directoryEpoch,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.self = self;
    this.session = session;
    this.transport = transport;
    this.loop = loop;
    this.directoryEpoch = directoryEpoch;
    this.nanoClock = nanoClock;
  }

  void start() {
    loop.scheduleWithFixedDelay(this::step, STEP_MS, STEP_MS, TimeUnit.MILLISECONDS);
  }

  /** This worker has proven a file. */
  void prove(long fileId, PieceDigest digest) {
    if (digest.pieceCount() <= DigestCodec.MAX_PIECES_OF_FILE) {
      long spreadMs = Math.floorMod(Rendezvous.mix(self.idHash() ^ fileId), SPREAD_MS);
      lines.put(fileId, new Line(digest, after(spreadMs)));
      untold.add(fileId);
    }
  }

  /** This worker has nothing of the file any more. */
  void forget(long fileId) {
    lines.remove(fileId);
    untold.remove(fileId);
  }

  /** Another directory than before knows nothing. */
  private void lookForNewDirectory() {
    long now = directoryEpoch.getAsLong();
    if (now != epoch && now != 0) {
      epoch = now;
      untold.addAll(lines.keySet());
    }
  }

  private long after(long ms) {
    return nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(ms);
  }

  private void step() {
    lookForNewDirectory();
    if (inFlight) {
      return;
    }
    long nowNs = nanoClock.getAsLong();
    for (long fileId : untold) {
      Line line = lines.get(fileId);
      if (nowNs - line.nextNs >= 0) {
        line.nextNs = after(RETRY_MS);
        inFlight = true;
        long directory = epoch;
        tell(fileId, line)
            .whenComplete(
                (told, failure) ->
                    loop.execute(() -> told(fileId, line, failure == null && told, directory)));
        return;
      }
    }
  }

  private void told(long fileId, Line line, boolean isStored, long directory) {
    inFlight = false;
    if (isStored && lines.get(fileId) == line && directory == epoch) {
      untold.remove(fileId);
    }
  }

  /** Ends with whether the directory has it now. */
  private CompletableFuture<Boolean> tell(long fileId, Line line) {
    return ask(fileId)
        .thenCompose(
            known -> {
              if (known.isPresent() && known.get().equals(line.digest)) {
                return CompletableFuture.completedFuture(true);
              }
              DigestEntry entry = new DigestEntry(self.id(), session, fileId, line.digest);
              return transport.write(entry.toBytes()).thenApply(DigestExchange::isStored);
            })
        .orTimeout(RETRY_MS, TimeUnit.MILLISECONDS);
  }

  private static boolean isStored(byte[] reply) {
    try {
      return EntryReply.read(reply).result() != Result.FULL_NEEDED;
    } catch (WireException e) {
      LOG.debug("The reply to a digest cannot be read", e);
      return false;
    }
  }

  /** Any thread: the digest of a file as the directory has it; never fails. */
  CompletableFuture<Optional<PieceDigest>> ask(long fileId) {
    CompletableFuture<byte[]> reply;
    try {
      reply = transport.read(QueryCodec.writeDigestQuery(fileId));
    } catch (RuntimeException e) {
      reply = CompletableFuture.failedFuture(e);
    }
    return reply
        .thenApply(DigestExchange::read)
        .orTimeout(settings.lookupTimeoutMs(), TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              LOG.debug("The digest of file {} is not to be had", fileId, failure);
              return Optional.empty();
            });
  }

  private static Optional<PieceDigest> read(byte[] answer) {
    try {
      return QueryCodec.readDigest(answer);
    } catch (IOException e) {
      LOG.debug("The answer about a digest cannot be read", e);
      return Optional.empty();
    }
  }

  private static final class Line {
    private final PieceDigest digest;
    private long nextNs;

    Line(PieceDigest digest, long nextNs) {
      this.digest = digest;
      this.nextNs = nextNs;
    }
  }
}
