// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.channel.Remedy;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.origin.OriginFault;
import io.mows.p2p.swarm.origin.OriginGates;
import io.mows.p2p.swarm.origin.OriginSchedule;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.Ownership;
import io.mows.p2p.swarm.state.SwarmActions;
import io.mows.p2p.swarm.state.SwarmSettings;
import io.mows.p2p.swarm.state.SwarmState;
import io.mows.p2p.swarm.upload.UploadOffers;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;

/**
 * Decides for one worker, over all files, which piece comes next and from whom, and who gets what
 * from us.
 *
 * <p>Hand in everything that happens, then call {@link #poll}; the {@link SwarmActions} say what to
 * do. Pure: no I/O, threads or clock. For one thread.
 *
 * <p>How it works. A few owners per file, drawn by hash, read each piece once from the origin, a
 * few at a time ({@link Ownership}, {@link OriginChoices}). Whoever has a piece offers it to the
 * neighbour that lacks it, the rarest first ({@link UploadOffers}); who is offered one decides
 * ({@link DownloadChoices}). Neighbours ({@link Overlay}) know each other's pieces ({@link
 * Gossip}). A worker that knows nobody behaves as {@link OriginSchedule} says.
 */
public final class SwarmNode {
  /** The locator is away: there may be any number of workers. */
  public static final int NO_ANSWER = 0;

  /** How a connection came to its end, or was not made. */
  public enum Cause {
    /** The other side has enough neighbours. */
    REFUSED,
    /** It could not be reached, or was lost. */
    LOST
  }

  /** How a download ended. */
  public enum Outcome {
    /** All bytes are here and their CRC32 is right. */
    OK,
    /** It broke off. */
    FAILED,
    /** The bytes are not what their CRC32 says. */
    CORRUPT
  }

  private final SwarmState swarm;
  private final SwarmFiles files;
  private final SwarmPeers peers;
  private final SwarmMessage.Handler inbox;
  private final Silence silence;
  private final DownloadEnds downloads;
  private final OriginEnds originReads;
  private final UploadOffers uploads;
  private final OwnPieces pieces;
  private final SwarmTurn turn;

  public SwarmNode(long self, SwarmSettings settings, SwarmActions actions) {
    this(self, settings, actions, OriginGates.ofSeed(Long.hashCode(self)));
  }

  /** As the other one; {@code origins} are shared with whoever else asks them. */
  public SwarmNode(long self, SwarmSettings settings, SwarmActions actions, OriginGates origins) {
    this.swarm = new SwarmState(self, settings, actions, origins);
    AvoidedPeers avoided = new AvoidedPeers(swarm);
    GroupFirst groupFirst = new GroupFirst(swarm, avoided);
    Overlay overlay = new Overlay(swarm, avoided, groupFirst);
    Gossip gossip = new Gossip(swarm, groupFirst);
    PeerDownloads taking = new PeerDownloads(swarm, groupFirst);
    OriginSchedule schedule =
        new OriginSchedule(
            settings.maxReads(), settings.minSwarmReads(), swarm.inFlight()::originReadCount);
    this.downloads = taking.ends();
    this.uploads = new UploadOffers(swarm);
    this.originReads = new OriginEnds(swarm, schedule);
    OriginChoices origin = new OriginChoices(swarm, schedule, originReads);
    this.files = new SwarmFiles(swarm, downloads, uploads, origin, gossip);
    this.peers = new SwarmPeers(swarm, overlay, downloads, uploads, gossip);
    this.pieces = new OwnPieces(swarm, uploads);
    this.inbox = new Inbox(swarm, taking.choices(), downloads, uploads, originReads, gossip);
    this.silence = new Silence(swarm, downloads, uploads, gossip);
    this.turn = new SwarmTurn(swarm, overlay, silence, taking, origin, uploads, gossip);
  }

  /**
   * Fetch a file, which may be served already.
   *
   * @param affinity the same for files that are loaded together: they have the same owners
   * @param shared whether {@link #members} will say who else takes part; if not, everything is read
   *     from the origin at once
   */
  public void fetchFile(
      long fileId, long affinity, PieceTable plan, int pieceCount, boolean shared, long nowNs) {
    files.fetch(fileId, affinity, plan, pieceCount, shared, nowNs);
  }

  /**
   * Serve what is here of a file without fetching the rest.
   *
   * @param have the pieces that are here; not changed
   */
  public void serveFile(long fileId, long affinity, int pieceCount, BitSet have, long nowNs) {
    files.serve(fileId, affinity, pieceCount, have, nowNs);
  }

  /** The file is no longer fetched; what is in {@code kept} goes on being served. */
  public void endFetch(long fileId, BitSet kept) {
    files.endFetch(fileId, kept);
  }

  /** Neither fetch nor serve the file any more. */
  public void removeFile(long fileId) {
    files.remove(fileId);
  }

  /**
   * Stops to keep track of served files that no peer has lacked for {@code idleNs}. A request for
   * one of them is a reason to {@link #serveFile} it again.
   */
  public void forgetIdle(long idleNs, long nowNs) {
    files.forgetIdle(idleNs, nowNs);
  }

  /** How many pieces a file has that is being fetched or served; negative for any other. */
  public int pieceCount(long fileId) {
    FileSwarm file = swarm.file(fileId);
    return file == null ? -1 : file.pieceCount();
  }

  /** Whether the file is being fetched or served. */
  public boolean knows(long fileId) {
    return swarm.file(fileId) != null;
  }

  /**
   * The locator's list of all that fetch or have the file, ourselves possibly among them.
   *
   * @param workers how many workers it knows at all, whatever they have, this one included; {@link
   *     #NO_ANSWER} if it did not say anything
   */
  public void members(long fileId, List<SwarmMember> members, int workers, long nowNs) {
    files.members(fileId, members, workers, nowNs);
  }

  /**
   * A connection stands, whoever asked for it.
   *
   * @param incoming whether the peer asked for it
   * @param important what the peer said in that case
   */
  public void connected(long peerId, Role role, boolean incoming, boolean important, long nowNs) {
    peers.connected(peerId, role, incoming, important, nowNs);
  }

  /** So many pieces may come from this peer, and go to it, side by side; 1 at first. */
  public void lanes(long peerId, int count) {
    peers.lanes(peerId, count);
  }

  /** A connection ended, or could not be made. */
  public void disconnected(long peerId, Cause cause, long nowNs) {
    peers.disconnected(peerId, cause == Cause.LOST, nowNs);
  }

  public void received(long peerId, SwarmMessage message, long nowNs) {
    silence.heard(peerId, nowNs);
    message.deliverTo(inbox, peerId, nowNs);
  }

  /** All bytes of an upload have been handed to the network, or it broke off. */
  public void uploadEnded(long peerId, long fileId, int piece, boolean sent) {
    uploads.ended(peerId, fileId, piece, sent);
  }

  /** The first byte of a download has come. */
  public void downloadBegun(long peerId, long fileId, int piece, long nowNs) {
    downloads.begun(peerId, fileId, piece, nowNs);
  }

  /**
   * A download ended.
   *
   * @return true if the piece is ours now; false if it is not, or not wanted any more
   */
  public boolean downloadEnded(
      long peerId, long fileId, int piece, Outcome outcome, long bytes, long nowNs) {
    NeighbourPieces map = swarm.pieces(peerId, fileId);
    if (map == null) {
      return false;
    }
    uploads.changed();
    if (outcome == Outcome.OK) {
      map.neighbour().promiseKept();
      return downloads.came(peerId, fileId, piece, bytes, nowNs);
    }
    if (outcome == Outcome.CORRUPT) {
      swarm.strike(map.neighbour(), nowNs);
    }
    downloads.failed(peerId, fileId, piece);
    return false;
  }

  /** There is no room for a piece that was to come from a peer; not before {@code untilNs}. */
  public void downloadWithdrawn(long peerId, long fileId, int piece, long untilNs) {
    downloads.withdrawn(peerId, fileId, piece, untilNs);
  }

  /**
   * A piece has been read from the origin; next its version is to be confirmed.
   *
   * @return false if it is not wanted any more
   */
  public boolean originLanded(long fileId, int piece) {
    return originReads.landed(fileId, piece);
  }

  /**
   * A read from the origin failed.
   *
   * @return true if the piece is not tried again by itself
   */
  public boolean originFailed(long fileId, int piece, Remedy remedy, long nowNs) {
    return originReads.failed(fileId, piece, remedy, nowNs);
  }

  /**
   * The origin is away or denies the piece, which goes on being wanted.
   *
   * @param reason for the operator
   */
  public void originRefused(long fileId, int piece, OriginFault fault, String reason, long nowNs) {
    originReads.refused(fileId, piece, fault, reason, nowNs);
  }

  /** There is no room for a piece that was to be read; not before {@code untilNs}. */
  public void originWithdrawn(long fileId, int piece, long untilNs) {
    originReads.withdrawn(fileId, piece, untilNs);
  }

  /** The origin has not changed: {@code pieces} that landed before are ours. */
  public void confirmed(long fileId, BitSet pieces) {
    this.pieces.confirmed(fileId, pieces);
  }

  /** The version of a landed piece could not be confirmed; returns as {@link #originFailed}. */
  public boolean unconfirmed(long fileId, int piece, Remedy remedy, long nowNs) {
    return pieces.unconfirmed(fileId, piece, remedy, nowNs);
  }

  /** A piece was found in the cache. */
  public void found(long fileId, int piece) {
    pieces.found(fileId, piece);
  }

  /** A piece is our share of a load: we read it from the origin, whoever owns it. */
  public void assign(long fileId, int piece) {
    pieces.assign(fileId, piece);
  }

  /** A piece is not in the cache any more; the plan has been told. */
  public void lost(long fileId, int piece) {
    pieces.lost(fileId, piece);
  }

  /**
   * Does all that can be done now.
   *
   * @return when to call again if nothing happens before
   */
  public OptionalLong poll(long nowNs) {
    return turn.run(nowNs);
  }

  /** While this is the same and nothing was handed in, {@link #poll} has nothing more to do. */
  public long changes() {
    return swarm.lists().changes();
  }

  /** How often a file has been looked at to decide something: what the decisions cost. */
  long filesLookedAt() {
    return swarm.lists().sorted() + turn.filesLookedAt();
  }

  /** For the simulator's invariants and for metrics. */
  public SwarmLoad load() {
    return SwarmLoad.of(swarm, uploads);
  }
}
