// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LaneLoads.Manners;
import io.mows.p2p.fetch.state.FetchEffects;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that happens to the fetches of a worker. One thread calls these methods, one after the
 * other; what follows leaves through {@link FetchEffects}, and its outcome is an event again.
 *
 * <p>Tickets and numbers are those that the effect was given. An event for something that is over
 * changes nothing.
 */
public interface FetchInput {
  // Readers.

  /**
   * A reader waits for a piece; {@link #readerLeft} ends that, whatever comes of it.
   *
   * @param ahead whether the file is read ahead from there on
   */
  void readerWaits(long reader, FileSpec file, int piece, boolean ahead);

  void readerLeft(long reader);

  /** A reader has come to the first byte of {@code piece}, without having to wait. */
  void readerReached(long fileId, int piece);

  /** A reader was given the first byte of {@code piece}, which is not cached. */
  void readerStreamed(long fileId, int piece);

  /** A reader was told that {@code piece} is here and did not find it in {@code block}. */
  void pieceNotFound(long fileId, int piece, int block);

  /** Somebody has asked for a file that nobody gets because it is wrong. */
  void refusedFileAsked(FileSpec file);

  // Loads.

  void load(long load, FileSpec file, List<Integer> blocks);

  void streamRest(FileSpec file, int block);

  void readAhead(List<FileSpec> files, long budgetBytes);

  void endReadAhead(List<FileSpec> files);

  /** What a lane may have asked for and not yet got, at most. */
  void laneWindow(long windowBytes);

  void laneConfigured(String lane, long bytesPerSecond, Manners manners);

  void laneLoad(String lane, long load, FileSpec file, int block, boolean assigned);

  void laneEnded(String lane);

  /** What has not begun in a lane ends. */
  void laneWaitingEnded(String lane);

  /** All lanes end. */
  void lanesEnded();

  void activityAsked();

  // The store.

  /** What was asked of it under this ticket is done; {@code failure} says why not, or is null. */
  void stored(long ticket, Throwable failure);

  /** There is room, and it has all its bytes already: nothing may be written there. */
  void roomLinked(long ticket);

  void blockFound(FileSpec file, int block);

  void blockEvicted(long blockId);

  /** {@code unknown} says why that could not be found out, or is null. */
  void roomAnswered(long writableBytes, Throwable unknown);

  // Transfers: each ends with one of the last three.

  void transferBegun(long ticket);

  /** {@code crc32} is empty if nobody has followed the bytes. */
  void transferDone(long ticket, OptionalInt crc32);

  /** {@code block} took no bytes; negative if it is not that. */
  void transferFailed(long ticket, Throwable failure, int block);

  /** It was called off, and nobody writes its bytes any more. */
  void transferStopped(long ticket);

  // Answers. A failure is null where there is none.

  void versionAnswered(long ticket, Throwable failure);

  void manifestAnswered(long ticket, Expectation expectation, Throwable failure);

  void digestHeard(long ticket, Optional<PieceDigest> digest);

  /** {@code crc32} is empty if the piece is not there whole. */
  void pieceChecked(long check, OptionalInt crc32);

  /**
   * @param workers how many there are; {@link io.mows.p2p.swarm.SwarmNode#NO_ANSWER} if nobody
   *     says, {@link MemberLookups#UNKNOWN} if it is not known
   * @param isAnswer false if the answer is still to come
   */
  void members(long question, List<SwarmMember> members, int workers, boolean isAnswer);

  // Peers.

  void peerConnected(long peerId, Role role, boolean incoming, boolean important);

  void peerLanes(long peerId, int count);

  void peerDisconnected(long peerId, Cause cause);

  /** A question: how many pieces a file has; negative if what is said of it is of no use. */
  int pieceCount(long fileId);

  void peerSaid(long peerId, SwarmMessage message);

  /** {@code request} is a number of the caller's. */
  void pieceRequested(
      long request, long peerId, long fileId, int piece, int offset, int length, boolean urgent);

  void pieceOpened(long request, int crc32);

  void pieceNotOpened(long request);

  void uploadEnded(long request, boolean sent);

  /** Bytes have come from what is behind this mount point. */
  void originHeard(long mountId);

  /** To be called now and then. */
  void sweep();

  /** To be called at a steady pace: as much may be checked as is read in that time. */
  void scrub();

  /** Everything is given back, everybody told. Nothing is begun any more. */
  void closing();
}
