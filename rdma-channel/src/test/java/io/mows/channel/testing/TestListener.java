// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceChange;
import io.mows.channel.SwarmFile;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it hears. */
public final class TestListener implements PeerListener {
  private final List<PeerConnection> peers = new CopyOnWriteArrayList<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final List<CloseReason> closes = new CopyOnWriteArrayList<>();

  /** The peers that are connected now. */
  public List<PeerConnection> peers() {
    return peers;
  }

  public List<String> heard() {
    return heard;
  }

  /** Why connections ended. */
  public List<CloseReason> closes() {
    return closes;
  }

  @Override
  public void connected(PeerConnection peer) {
    peers.add(peer);
  }

  @Override
  public void fileOpened(PeerConnection peer, SwarmFile file, BitSet have, BitSet arriving) {
    heard.add(peer.peerId() + " opened " + file + " have " + have + " arriving " + arriving);
  }

  @Override
  public void fileClosed(PeerConnection peer, long fileId) {
    heard.add(peer.peerId() + " closed " + fileId);
  }

  @Override
  public void piecesChanged(PeerConnection peer, long fileId, PieceChange change, int[] pieces) {
    int[] sorted = pieces.clone();
    Arrays.sort(sorted);
    heard.add(peer.peerId() + " " + change + " " + fileId + " " + Arrays.toString(sorted));
  }

  @Override
  public void disconnected(PeerConnection peer, CloseReason reason, String detail) {
    peers.remove(peer);
    closes.add(reason);
  }
}
