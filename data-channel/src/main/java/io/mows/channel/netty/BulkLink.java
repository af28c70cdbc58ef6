// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.memory.BlockParts;
import io.mows.channel.wire.BulkFrames;
import io.mows.channel.wire.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A {@link BulkPath} between two workers. For the connection's thread; nothing waits for a peer.
 */
public interface BulkLink {
  /** How this side can be reached; at most {@link BulkFrames#MAX_OFFER_BYTES}. Sent once. */
  byte[] offer();

  /**
   * How the other side can be reached.
   *
   * @throws ProtocolException if it says no such thing
   */
  void offered(byte[] offer) throws ProtocolException;

  /** Whether so many bytes can be received now. Starts to get ready if not. */
  boolean canReceive(int lengthBytes);

  /**
   * Gets what the peer has granted. Ends with one call of {@code receiver}, not within this call.
   *
   * @param lengthBytes what was asked for
   * @throws ProtocolException if the grant is no grant of so many bytes; the receiver is not called
   */
  void receive(byte[] grant, int lengthBytes, Receiver receiver) throws ProtocolException;

  /** Lets the peer have these bytes and no others; empty if that is not possible now. */
  Optional<Grant> grant(BlockParts bytes);

  /**
   * The connection is gone. When this returns the peer can get nothing any more, and every receiver
   * has been called.
   */
  void close();

  /** What becomes of a grant. */
  interface Receiver {
    void arrived(Loan loan);

    void failed(String reason);
  }

  /** Bytes that arrived, lent. For one thread at a time, whichever. */
  interface Loan {
    /** All of them, from position to limit. */
    ByteBuffer bytes();

    /** Gives them back; once. */
    void release();
  }

  /** Bytes that the peer may get, until the end. */
  interface Grant {
    /** For the peer; at most {@link BulkFrames#MAX_GRANT_BYTES}. */
    byte[] encoded();

    /** From here on the peer cannot get them any more; once. */
    void end();
  }
}
