// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LaneLoads.Manners;
import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.fetch.state.FetchEffects;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.BlockLoad;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Decides what is done about files that are wanted, as a function of what happens: takes events
 * ({@link FetchInput}), says what is to be done ({@link FetchEffects}), and knows the time only as
 * it is told. For one thread.
 *
 * <p>An event changes what is known; {@link #decide} does what has become possible by it. An effect
 * never calls back: its outcome is an event.
 */
public final class FetchCore extends FetchAnswers {
  private static final long FORGET_NS = TimeUnit.SECONDS.toNanos(60);

  private final FetchRules rules;

  /**
   * @param self this worker's id among others; empty if it shares with nobody
   */
  public FetchCore(
      FetchSettings settings,
      OptionalLong self,
      FetchEffects effects,
      FetchMetrics metrics,
      long nowNs) {
    this(new FetchRules(settings, self, effects, metrics, nowNs));
  }

  private FetchCore(FetchRules rules) {
    super(rules);
    this.rules = rules;
  }

  /** What happens from now on, and what is decided, does so at this time. */
  public FetchCore at(long nowNs) {
    rules.moment.set(nowNs);
    return this;
  }

  /**
   * Does all that can be done now.
   *
   * @return when to call again if nothing happens
   */
  public OptionalLong decide() {
    OptionalLong wake = rules.lanes.step(rules.readers, nowNs());
    List<FileFetch> restarts =
        rules.fetches.advance(rules.state.storeHealth().isWorthWaiting(), rules.lookups::advanced);
    restarts.forEach(rules.files::restart);
    // Before the locator is asked: it names nobody before it has heard of this worker.
    rules.state.announcements().flush(rules.files, rules.effects);
    wake = sooner(wake, rules.orders.decide(rules.state.swarm(), nowNs()));
    wake = sooner(wake, rules.lookups.poll(nowNs()));
    rules.state.announcements().flush(rules.files, rules.effects);
    return rules.state.storeHealth().poll(wake);
  }

  private static OptionalLong sooner(OptionalLong one, OptionalLong other) {
    boolean isOther =
        other.isPresent() && (one.isEmpty() || other.getAsLong() - one.getAsLong() < 0);
    return isOther ? other : one;
  }

  private long nowNs() {
    return rules.moment.nowNs();
  }

  /** What is known, for tests. */
  public FetchState state() {
    return rules.state;
  }

  public Fetches fetches() {
    return rules.fetches;
  }

  private Optional<FileFetch> current(FileSpec file) {
    return rules.fetches.get(file.fileId());
  }

  @Override
  public void readerWaits(long reader, FileSpec file, int piece, boolean ahead) {
    rules.readers.begun(reader, nowNs());
    FileFetch fetch;
    try {
      fetch = rules.files.fetch(file);
    } catch (IOException | RuntimeException e) {
      rules.effects.readers().refuseReader(reader, e);
      return;
    }
    rules.readers.joined(reader, fetch, piece);
    fetch.wants().demand(piece, reader);
    if (ahead) {
      fetch.plan().wants().reached(piece);
    }
  }

  @Override
  public void readerLeft(long reader) {
    rules.readers.ended(reader, nowNs());
  }

  @Override
  public void readerReached(long fileId, int piece) {
    rules.fetches.get(fileId).ifPresent(fetch -> fetch.plan().wants().reached(piece));
  }

  @Override
  public void readerStreamed(long fileId, int piece) {
    rules.fetches.get(fileId).ifPresent(fetch -> fetch.wants().streamed(piece));
  }

  @Override
  public void pieceNotFound(long fileId, int piece, int block) {
    rules.fetches.get(fileId).ifPresent(fetch -> fetch.events().notFound(piece, block));
  }

  @Override
  public void refusedFileAsked(FileSpec file) {
    rules.appeals.hear(file);
  }

  @Override
  public void load(long load, FileSpec file, List<Integer> blocks) {
    try {
      rules.files.fetch(file).wants().load(BlockLoad.whole(blocks, rules.effects.loads(), load));
    } catch (IOException | RuntimeException e) {
      rules.effects.loads().loadFailed(load, e);
    }
  }

  @Override
  public void streamRest(FileSpec file, int block) {
    current(file).ifPresent(fetch -> fetch.wants().load(BlockLoad.restOf(block)));
  }

  @Override
  public void readAhead(List<FileSpec> all, long budgetBytes) {
    for (FileSpec file : all) {
      try {
        rules.files.fetch(file).wants().readAhead(budgetBytes);
      } catch (IOException e) {
        // Who reads the file is told.
        continue;
      }
    }
  }

  @Override
  public void endReadAhead(List<FileSpec> all) {
    all.forEach(file -> current(file).ifPresent(fetch -> fetch.wants().endReadAhead()));
  }

  @Override
  public void laneWindow(long windowBytes) {
    rules.lanes.setWindow(windowBytes);
  }

  @Override
  public void laneConfigured(String lane, long bytesPerSecond, Manners manners) {
    rules.lanes.configure(lane, bytesPerSecond, manners, nowNs());
  }

  @Override
  public void laneLoad(String lane, long load, FileSpec file, int block, boolean assigned) {
    rules.lanes.load(lane, new LaneBlock(file, block, assigned, load, rules.effects), nowNs());
  }

  @Override
  public void laneEnded(String lane) {
    rules.lanes.end(lane);
  }

  @Override
  public void laneWaitingEnded(String lane) {
    rules.lanes.endWaiting(lane);
  }

  @Override
  public void lanesEnded() {
    rules.lanes.endAll();
  }

  @Override
  public void activityAsked() {
    rules
        .effects
        .loads()
        .othersFetch(
            rules.fetches.all().stream().anyMatch(fetch -> fetch.wants().isAnythingUrgent()));
  }

  @Override
  public void blockFound(FileSpec file, int block) {
    rules.files.found(file, block);
  }

  @Override
  public void blockEvicted(long blockId) {
    rules.files.evicted(blockId);
  }

  @Override
  public void peerConnected(long peerId, Role role, boolean incoming, boolean important) {
    rules.state.peers().add(peerId, role);
    rules.state.swarm().node().connected(peerId, role, incoming, important, nowNs());
  }

  @Override
  public void peerLanes(long peerId, int count) {
    rules.state.swarm().node().lanes(peerId, count);
  }

  @Override
  public void peerDisconnected(long peerId, Cause cause) {
    rules.state.peers().remove(peerId);
    rules.orders.peerLost(peerId);
    rules.state.swarm().node().disconnected(peerId, cause, nowNs());
  }

  @Override
  public int pieceCount(long fileId) {
    return rules.serving.pieceCount(fileId);
  }

  @Override
  public void peerSaid(long peerId, SwarmMessage message) {
    boolean wantsSome =
        message instanceof SwarmMessage.Bitfield
            && !((SwarmMessage.Bitfield) message).have().isFull();
    if (wantsSome) {
      rules.serving.serveIfHeld(message.fileId());
    }
    rules.state.swarm().node().received(peerId, message, nowNs());
  }

  @Override
  public void pieceRequested(
      long request, long peerId, long fileId, int piece, int offset, int length, boolean urgent) {
    rules.serving.requested(request, peerId, fileId, piece, offset, length, urgent);
  }

  @Override
  public void originHeard(long mountId) {
    rules.state.origins().gates().heard(mountId);
  }

  @Override
  public void sweep() {
    rules.state.origins().listen();
    rules.files.sweep(rules.lingerNs);
    rules.effects.views().originWaits(rules.files.originWaits());
    if (rules.state.peers().isShared()) {
      rules.state.swarm().tell().forgetIdle(FORGET_NS, nowNs());
    }
  }

  @Override
  public void scrub() {
    rules.scrubber.tick();
  }

  @Override
  public void closing() {
    rules.files.close();
    rules.lanes.endAll();
    rules.state.announcements().flush(rules.files, rules.effects);
  }
}
