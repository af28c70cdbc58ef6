// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.memory.BlockParts;
import io.mows.channel.netty.BulkLink;
import io.mows.channel.wire.ProtocolException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** RDMA between two workers: each reads from the other over connections that it dials. */
final class RdmaLink implements BulkLink {
  private final RdmaCommons commons;
  private final byte[] token;
  private final Executor loop;
  private final Consumer<RdmaLink> onClose;
  private final RdmaReader reading;
  private final RdmaServer serving;

  /**
   * @param token what the peer dials with
   * @param onClose has the link before it closes
   */
  RdmaLink(
      RdmaCommons commons, String peerId, byte[] token, Executor loop, Consumer<RdmaLink> onClose) {
    this.commons = commons;
    this.token = token.clone();
    this.loop = loop;
    this.onClose = onClose;
    this.reading = new RdmaReader(commons, peerId, loop);
    this.serving = new RdmaServer(commons, peerId);
  }

  @Override
  public byte[] offer() {
    return GrantCodec.encodeOffer(commons.verbs().address(), token);
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
    onClose.accept(this);
    reading.close();
    serving.close();
  }

  RdmaCommons commons() {
    return commons;
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
