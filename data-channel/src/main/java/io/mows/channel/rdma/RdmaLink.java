// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.memory.BlockParts;
import io.mows.channel.netty.BulkLink;
import io.mows.channel.wire.ProtocolException;
import java.util.Optional;
import java.util.concurrent.Executor;

/** RDMA between two workers: each reads from the other over connections that it dials. */
final class RdmaLink implements BulkLink {
  private final RdmaPath path;
  private final byte[] token;
  private final Executor loop;
  private final RdmaReader reading;
  private final RdmaServer serving;

  /**
   * @param token what the peer dials with
   */
  RdmaLink(RdmaPath path, String peerId, byte[] token, Executor loop) {
    this.path = path;
    this.token = token.clone();
    this.loop = loop;
    this.reading = new RdmaReader(path, peerId, loop);
    this.serving = new RdmaServer(path, peerId);
  }

  @Override
  public byte[] offer() {
    return GrantCodec.encodeOffer(path.verbs().address(), token);
  }

  @Override
  public void offered(byte[] offer) throws ProtocolException {
    reading.offered(offer);
  }

  @Override
  public boolean canReceive(int lengthBytes) {
    return reading.canReceive(lengthBytes);
  }

  @Override
  public void receive(byte[] grant, int lengthBytes, Receiver receiver) throws ProtocolException {
    reading.receive(grant, lengthBytes, receiver);
  }

  @Override
  public Optional<Grant> grant(BlockParts bytes) {
    return serving.grant(bytes);
  }

  @Override
  public void close() {
    path.closed(token);
    reading.close();
    serving.close();
  }

  RdmaPath path() {
    return path;
  }

  /** The connection's thread. */
  Executor loop() {
    return loop;
  }

  /** For the connection's thread. */
  RdmaReader reading() {
    return reading;
  }

  /** For the connection's thread. */
  RdmaServer serving() {
    return serving;
  }
}
