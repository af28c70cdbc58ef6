// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.swarm.message.SwarmMessage;

/**
 * What {@link io.mows.p2p.swarm.SwarmNode} wants done. Implementations return at once, do not call
 * the node back from within, and report outcomes through the node's inputs later.
 */
public interface SwarmActions {
  /**
   * Connect to {@code peerId}; ends with {@link io.mows.p2p.swarm.SwarmNode#connected} or {@link
   * SwarmNode#disconnected}.
   *
   * @param important to be told to the other side, which then finds a place for us even if it has
   *     enough neighbours
   */
  void connect(long peerId, boolean important);

  /** Close the connection; transfers on it end, nothing needs to be reported. */
  void disconnect(long peerId);

  void send(long peerId, SwarmMessage message);

  /**
   * Find room for the piece, then send a {@link SwarmMessage.Request}. Ends with {@link
   * SwarmNode#downloadEnded}, unless {@link #cancelDownload} comes first.
   *
   * @param urgent to be put into the request
   * @param hedge the piece is arriving from another peer already: receive it aside, the first that
   *     is complete and right counts
   */
  void download(long peerId, long fileId, int piece, boolean urgent, boolean hedge);

  /** Tell the peer with a {@link SwarmMessage.Cancel}; nothing needs to be reported. */
  void cancelDownload(long peerId, long fileId, int piece);

  /**
   * Send the bytes of a piece that we have. Ends with {@link
   * io.mows.p2p.swarm.SwarmNode#uploadEnded}.
   */
  void upload(long peerId, long fileId, int piece);

  /** Stop sending; nothing needs to be reported. */
  void cancelUpload(long peerId, long fileId, int piece);

  /**
   * Find room and read the piece from the origin. Ends with {@link
   * io.mows.p2p.swarm.SwarmNode#originLanded}, {@link SwarmNode#originFailed} or {@link
   * io.mows.p2p.swarm.SwarmNode#originWithdrawn}, unless {@link #cancelOrigin} comes first.
   *
   * @param evenUncached whether the piece is worth reading even if there is no room to cache it
   */
  void readOrigin(long fileId, int piece, boolean evenUncached);

  /** Stop the read; nothing needs to be reported. */
  void cancelOrigin(long fileId, int piece);

  /**
   * How many pieces must be read from the origin at once for it to give what it can; 0 if it is not
   * known that more than a few are of use. A question, not an action.
   */
  default int originWidth() {
    return 0;
  }

  /**
   * For how long nothing at all has come from this connected peer, no byte of a piece and no answer
   * to a {@link #ping} either, in ns. A question, not an action.
   */
  default long silentNs(long peerId) {
    return 0;
  }

  /** Make the peer's data channel say something, if it can. */
  default void ping(long peerId) {}

  /** Nothing is taken from this peer for a while: it has sent wrong bytes too often. To be told. */
  default void quarantined(long peerId) {}
}
