// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.channel.RefusalReason;
import io.mows.p2p.fetch.BlockSpace;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.ManifestSource;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.PieceSource;
import io.mows.p2p.fetch.Waiters;
import io.mows.p2p.fetch.core.Mailbox;
import io.mows.p2p.fetch.read.FileView;
import io.mows.p2p.fetch.read.LoadGate;
import io.mows.p2p.fetch.read.ReadContext;
import io.mows.p2p.fetch.read.ReadViews;
import io.mows.p2p.fetch.read.ReaderGate;
import io.mows.p2p.fetch.read.UncachedBuffers;
import io.mows.p2p.fetch.read.VisibleFiles;
import io.mows.p2p.fetch.state.FetchEffects;
import io.mows.p2p.fetch.state.MemberQuestion;
import io.mows.p2p.fetch.table.Target;
import io.mows.p2p.fetch.table.UncachedSlots;
import io.mows.p2p.fetch.table.Visible;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.thread.Futures;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands each effect to the port that carries it out. For the engine's thread, but for what others
 * may ask.
 */
public final class EffectPorts implements FetchEffects {
  private static final Logger LOG = LoggerFactory.getLogger(EffectPorts.class);

  private final BlockSpace space;
  private final PieceSource source;
  private final ManifestSource manifests;
  private final Mailbox mailbox;
  private final StorePort store;
  private final TransferPort transfers;
  private final ScrubReader scrubs;
  private final ServePort serving;
  private final UncachedBuffers buffers;
  private final ReadViews views;
  private final VisibleFiles visible;
  private final ReaderGate readers;
  private final LoadGate loads;
  private final SwarmPort peers;
  private final LocatorPort locator;
  private final Map<String, Long> lanePartial = new ConcurrentHashMap<>();
  private volatile boolean othersFetch;

  /**
   * @param peers null, as {@code locator}, for a worker that shares with nobody
   */
  public EffectPorts(
      ReadContext reading,
      PieceSource source,
      ManifestSource manifests,
      StorePort store,
      TransferPort transfers,
      ScrubReader scrubs,
      ServePort serving,
      UncachedBuffers buffers,
      LoadGate loads,
      SwarmPort peers,
      LocatorPort locator) {
    this.space = reading.space();
    this.mailbox = reading.mailbox();
    this.views = reading.views();
    this.visible = reading.visible();
    this.readers = reading.gate();
    this.source = source;
    this.manifests = manifests;
    this.store = store;
    this.transfers = transfers;
    this.scrubs = scrubs;
    this.serving = serving;
    this.buffers = buffers;
    this.loads = loads;
    this.peers = peers;
    this.locator = locator;
  }

  /** Any thread. */
  public long lanePartial(String lane) {
    return lanePartial.getOrDefault(lane, 0L);
  }

  /** Any thread: what {@code activityAsked} has found last. */
  public boolean othersFetch() {
    return othersFetch;
  }

  @Override
  public boolean isCommitted(long blockId) {
    return space.isCommitted(blockId);
  }

  @Override
  public void reserve(long ticket, FileSpec file, int block) {
    store.reserve(ticket, file, block);
  }

  @Override
  public void commit(long ticket, FileSpec file, int block, long room) {
    store.commit(ticket, file, block);
  }

  @Override
  public void closeRoom(FileSpec file, int block, long room) {
    hide(file, block, room);
    store.close(room);
  }

  @Override
  public void abort(long ticket, FileSpec file, int block, long room) {
    hide(file, block, room);
    store.abort(ticket, file, block, room);
  }

  private void hide(FileSpec file, int block, long room) {
    FileView view = views.of(file);
    if (view != null) {
      view.close(block, room);
    }
  }

  @Override
  public void remove(long ticket, FileSpec file, int block) {
    store.remove(ticket, file, block);
  }

  @Override
  public void askRoom() {
    store.askRoom();
  }

  @Override
  public void readOrigin(long ticket, FileSpec file, int piece, Target target) {
    transfers.readOrigin(ticket, file, piece, target);
  }

  @Override
  public void download(
      long ticket, long peerId, FileSpec file, int piece, Target target, boolean urgent) {
    transfers.download(ticket, peerId, file, piece, target, urgent);
  }

  @Override
  public void copyScratch(long ticket, FileSpec file, int piece, Target target) {
    transfers.copyScratch(ticket, file, piece, target);
  }

  @Override
  public void dropScratch(long ticket) {
    transfers.dropScratch(ticket);
  }

  @Override
  public void cancel(long ticket) {
    transfers.cancel(ticket);
  }

  @Override
  public int originWidth() {
    return source.width();
  }

  @Override
  public void askVersion(long ticket, FileSpec file) {
    source
        .confirmVersion(file)
        .whenComplete(
            (same, no) -> mailbox.post(in -> in.versionAnswered(ticket, Futures.causeOf(no))));
  }

  @Override
  public void askManifest(long ticket, FileSpec file) {
    manifests
        .expected(file)
        .whenComplete(
            (expectation, no) ->
                mailbox.post(in -> in.manifestAnswered(ticket, expectation, Futures.causeOf(no))));
  }

  @Override
  public void askDigest(long ticket, long fileId) {
    if (locator != null) {
      locator.askDigest(ticket, fileId);
    } else {
      mailbox.post(in -> in.digestHeard(ticket, Optional.empty()));
    }
  }

  @Override
  public void askMembers(List<MemberQuestion> questions) {
    locator.askMembers(questions);
  }

  @Override
  public void checkPiece(long check, FileSpec file, int piece) {
    scrubs.check(check, file, piece);
  }

  @Override
  public void announce(FileSpec file, int present, boolean fetching) {
    locator.announce(file, present, fetching);
  }

  @Override
  public void withdraw(long fileId) {
    locator.withdraw(fileId);
  }

  @Override
  public void prove(FileSpec file, PieceDigest digest) {
    if (locator != null) {
      locator.prove(file, digest);
    }
  }

  @Override
  public void begin(FileSpec file, int fetch) {
    views.begin(file, fetch);
  }

  @Override
  public void end(FileSpec file, int fetch) {
    views.end(file, fetch);
  }

  @Override
  public void publishShare(FileSpec file, int block, int piece, long room) {
    views.of(file).publishShare(block, piece, room, store.file(room));
  }

  @Override
  public void publish(FileSpec file, int piece, long slot) {
    views.of(file).publish(piece, slot == UncachedSlots.NONE ? null : buffers.of(slot));
  }

  @Override
  public void unpublish(FileSpec file, int piece) {
    views.of(file).unpublish(piece);
  }

  @Override
  public void freeSlot(long slot) {
    buffers.free(slot);
  }

  @Override
  public void see(long fileId, Visible now) {
    visible.see(fileId, now);
  }

  @Override
  public void waiters(FileSpec file, Waiters waiters) {
    FileView view = views.of(file);
    if (view != null) {
      view.wait(waiters);
    }
  }

  @Override
  public void originWaits(Map<Long, OriginWait> waits) {
    views.originWaits(waits);
  }

  @Override
  public void wake(long reader) {
    readers.wake(reader);
  }

  @Override
  public void lookAgain(long reader) {
    readers.lookAgain(reader);
  }

  @Override
  public void failReader(long reader, Throwable failure) {
    readers.fail(reader, failure);
  }

  @Override
  public void refuseReader(long reader, Throwable failure) {
    readers.refuse(reader, failure);
  }

  @Override
  public void loadDone(long load) {
    loads.done(load);
  }

  @Override
  public void loadFailed(long load, Throwable failure) {
    loads.failed(load, failure);
  }

  @Override
  public void lanePartial(String lane, long bytes) {
    lanePartial.put(lane, bytes);
  }

  @Override
  public void othersFetch(boolean now) {
    othersFetch = now;
  }

  @Override
  public void connect(long peerId, boolean important) {
    peers.connect(peerId, important);
  }

  @Override
  public void disconnect(long peerId) {
    peers.disconnect(peerId);
  }

  @Override
  public void send(long peerId, SwarmMessage message) {
    peers.send(peerId, message);
  }

  @Override
  public void ping(long peerId) {
    peers.ping(peerId);
  }

  @Override
  public long silentNs(long peerId) {
    return peers.silentNs(peerId);
  }

  @Override
  public void quarantined(long peerId) {
    peers.quarantined(peerId);
  }

  @Override
  public void openPiece(long request, FileSpec file, int piece, OptionalInt crc32) {
    serving.open(request, file, piece, crc32);
  }

  @Override
  public void sendPiece(long request) {
    serving.send(request);
  }

  @Override
  public void refuse(long request, RefusalReason reason) {
    serving.refuse(request, reason);
  }

  @Override
  public void warn(String message, Throwable cause) {
    LOG.warn("{}", message, cause);
  }

  @Override
  public void error(String message, Throwable cause) {
    LOG.error("{}", message, cause);
  }
}
