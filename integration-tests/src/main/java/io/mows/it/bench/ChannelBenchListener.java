// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.PeerListener;
import java.nio.ByteBuffer;

/** Does not care what peers say. */
final class ChannelBenchListener implements PeerListener {
  @Override
  public void connected(PeerConnection peer) {}

  @Override
  public void received(PeerConnection peer, ByteBuffer message) {}

  @Override
  public void disconnected(PeerConnection peer, CloseReason reason, String detail) {}
}
