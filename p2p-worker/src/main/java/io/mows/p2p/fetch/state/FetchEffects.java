// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.channel.RefusalReason;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.PieceSource;
import io.mows.p2p.fetch.Waiters;
import io.mows.p2p.fetch.core.FetchCore;
import io.mows.p2p.fetch.core.FetchInput;
import io.mows.p2p.fetch.table.BlockLoad;
import io.mows.p2p.fetch.table.Target;
import io.mows.p2p.fetch.table.UncachedSlots;
import io.mows.p2p.fetch.table.Visible;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What {@link FetchCore} wants done. Every method returns at once and calls no {@link FetchInput}:
 * what becomes of it is an event, later. Those that readers see are done when they return.
 */
public interface FetchEffects extends BlockLoad.Answers {
  // The store. Calls for one block are carried out in their order.

  /** A question: whether the cache has this block, as far as is known without waiting. */
  boolean isCommitted(long blockId);

  /** Makes room, which is called {@code ticket} from then on. Ends with {@code stored}. */
  void reserve(long ticket, FileSpec file, int block);

  /** Makes the block in {@code room} everybody's. Ends with {@code stored}; see also closeRoom. */
  void commit(long ticket, FileSpec file, int block, long room);

  /** Nobody reads the committed block through {@code room} any more. */
  void closeRoom(FileSpec file, int block, long room);

  /** Takes {@code room} from readers, and gives it back. Ends with {@code stored}. */
  void abort(long ticket, FileSpec file, int block, long room);

  /** Removes a complete block. Ends with {@code stored}. */
  void remove(long ticket, FileSpec file, int block);

  /** Ends with {@code roomAnswered}. */
  void askRoom();

  // Transfers.

  void readOrigin(long ticket, FileSpec file, int piece, Target target);

  /**
   * @param target null for a hedge: its bytes are kept aside until one of the next two
   */
  void download(long ticket, long peerId, FileSpec file, int piece, Target target, boolean urgent);

  /** Puts what was kept aside where it belongs; ends as a transfer does. */
  void copyScratch(long ticket, FileSpec file, int piece, Target target);

  void dropScratch(long ticket);

  /** Calls the transfer off; ends with {@code transferStopped} unless it has ended already. */
  void cancel(long ticket);

  /** A question: as {@link PieceSource#width}. */
  int originWidth();

  // Questions, each of which is answered by an event.

  void askVersion(long ticket, FileSpec file);

  void askManifest(long ticket, FileSpec file);

  void askDigest(long ticket, long fileId);

  /** Asks the locator who takes part; of the same number of files and questions. */
  void askMembers(List<MemberQuestion> questions);

  /** Reads a piece of complete blocks. */
  void checkPiece(long check, FileSpec file, int piece);

  // What the locator is told.

  void announce(FileSpec file, int present, boolean fetching);

  void withdraw(long fileId);

  void prove(FileSpec file, PieceDigest digest);

  // What readers see.

  /** A fetch of the file begins: nothing of it can be read through it yet. */
  void begin(FileSpec file, int fetch);

  /** It is over. */
  void end(FileSpec file, int fetch);

  /** The share of {@code piece} in {@code block} can be read from {@code room}. */
  void publishShare(FileSpec file, int block, int piece, long room);

  /** {@code piece} is here; in {@code slot} as well, if that is not {@link UncachedSlots#NONE}. */
  void publish(FileSpec file, int piece, long slot);

  void unpublish(FileSpec file, int piece);

  void freeSlot(long slot);

  /** What may be shown of a file is another thing now. */
  void see(long fileId, Visible visible);

  void waiters(FileSpec file, Waiters waiters);

  /** The files that wait for their origins. */
  void originWaits(Map<Long, OriginWait> waits);

  // Those who wait.

  void wake(long reader);

  /** The fetch has ended: the reader has to look anew. */
  void lookAgain(long reader);

  void failReader(long reader, Throwable failure);

  /** The file cannot be fetched at all. */
  void refuseReader(long reader, Throwable failure);

  /** Bytes that have arrived of blocks of this lane that are not complete. */
  void lanePartial(String lane, long bytes);

  void othersFetch(boolean othersFetch);

  // Peers.

  void connect(long peerId, boolean important);

  void disconnect(long peerId);

  void send(long peerId, SwarmMessage message);

  void ping(long peerId);

  /** A question: as {@link io.mows.p2p.swarm.state.SwarmActions#silentNs}. */
  long silentNs(long peerId);

  /** This peer has sent wrong bytes too often; for the operator. */
  void quarantined(long peerId);

  /** Ends with {@code pieceOpened} or {@code pieceNotOpened}. */
  void openPiece(long request, FileSpec file, int piece, OptionalInt crc32);

  /** Sends what was opened; ends with {@code uploadEnded}. */
  void sendPiece(long request);

  void refuse(long request, RefusalReason reason);

  /**
   * For the operator.
   *
   * @param cause null if there is none
   */
  void warn(String message, Throwable cause);

  /** As {@link #warn}, of what needs to be looked after. */
  void error(String message, Throwable cause);
}
