// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceChange;
import io.mows.channel.SwarmFile;
import java.util.BitSet;

/** Does not care what peers say. */
final class ChannelBenchListener implements PeerListener {
  @Override
  public void connected(PeerConnection peer) {}

  @Override
  public void fileOpened(PeerConnection peer, SwarmFile file, BitSet have, BitSet arriving) {}

  @Override
  public void fileClosed(PeerConnection peer, long fileId) {}

  @Override
  public void piecesChanged(PeerConnection peer, long fileId, PieceChange change, int[] pieces) {}

  @Override
  public void disconnected(PeerConnection peer, CloseReason reason, String detail) {}
}
