// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.PeerListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it hears. */
public final class TestListener implements PeerListener {
  private final List<PeerConnection> peers = new CopyOnWriteArrayList<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> lanes = new ConcurrentHashMap<>();
  private final List<CloseReason> closes = new CopyOnWriteArrayList<>();

  /** The peers that are connected now. */
  public List<PeerConnection> peers() {
    return peers;
  }

  /** The messages, as {@code peer: message}, a character for each byte. */
  public List<String> heard() {
    return heard;
  }

  /** Why connections ended. */
  public List<CloseReason> closes() {
    return closes;
  }

  /** How many connections there are with a peer, as was told last; 1 if nothing was. */
  public int lanes(String peerId) {
    return lanes.getOrDefault(peerId, 1);
  }

  @Override
  public void lanes(PeerConnection peer, int count) {
    if (!peers.contains(peer)) {
      throw new IllegalStateException(peer + " is not connected");
    }
    lanes.put(peer.peerId(), count);
  }

  @Override
  public void connected(PeerConnection peer) {
    peers.add(peer);
  }

  @Override
  public void received(PeerConnection peer, ByteBuffer message) {
    if (!message.hasArray() || message.position() != 0) {
      throw new IllegalArgumentException(message + " is no heap buffer at position 0");
    }
    heard.add(peer.peerId() + ": " + StandardCharsets.ISO_8859_1.decode(message));
  }

  @Override
  public void disconnected(PeerConnection peer, CloseReason reason, String detail) {
    peers.remove(peer);
    lanes.remove(peer.peerId());
    closes.add(reason);
  }
}
