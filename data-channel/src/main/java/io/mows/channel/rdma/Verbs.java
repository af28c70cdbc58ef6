// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What the data channel needs of one RDMA device: the seam in front of the hardware. {@link Disni}
 * is the real thing, the tests have one in memory.
 *
 * <p>Reliable connections, one-sided READs only: who dials reads, who accepts is read from. What
 * may be read is a {@link Region} of the {@link Domain} that the connection was accepted in; a
 * connection of another domain cannot read it.
 *
 * <p>Thread-safe but for {@link QueuePair}s, which belong to one thread each. Public because {@link
 * Disni} lives in a class loader of its own, for which this package is another one.
 */
public interface Verbs extends AutoCloseable {
  /** How long a token is, with which a peer that dials says what it was invited to. */
  int TOKEN_BYTES = 16;

  /** Where peers can dial. */
  InetSocketAddress address();

  /** Waits for the next event of the listening side; null if there is none in time. */
  Event nextEvent(int timeoutMs) throws IOException;

  /** Waits for completions and hands out those that are there, if there are any in time. */
  void awaitCompletions(int timeoutMs, CompletionHandler handler) throws IOException;

  Domain newDomain() throws IOException;

  /**
   * Connects to a peer, to read from it.
   *
   * @param local the domain of the memory that is read into
   * @param depth READs that may be under way at once
   * @param timeoutMs how long it may take in all
   * @throws IOException if it cannot be reached, refuses, or takes too long
   */
  QueuePair dial(InetSocketAddress peer, byte[] token, Domain local, int depth, int timeoutMs)
      throws IOException;

  /** Everything that was made of it must be closed before. */
  @Override
  void close();

  /** Ties connections to the memory that they may use. */
  interface Domain extends AutoCloseable {
    /**
     * Pins memory and makes it known to the device.
     *
     * @param remote whether peers may read it; else the device may write into it
     * @throws IOException if there is too little lockable memory, or none at this address
     */
    Region register(long address, int lengthBytes, boolean remote) throws IOException;

    /** All of its regions and connections must be closed before. */
    @Override
    void close();
  }

  /** Registered memory. */
  interface Region extends AutoCloseable {
    int localKey();

    int remoteKey();

    /** The device does not touch the memory any more when this returns. */
    @Override
    void close();
  }

  /** One end of a connection. */
  interface QueuePair extends AutoCloseable {
    /**
     * Posts all of them at once. After a failure, of this or of any READ, the connection is of no
     * use any more.
     */
    void post(List<Read> reads) throws IOException;

    /** The device does not touch any memory for it any more when this returns. */
    @Override
    void close();
  }

  /** A peer that wants to connect, or is connected. */
  interface Incoming {
    QueuePair accept(Domain domain) throws IOException;

    void reject();
  }

  /** Hears of READs that have ended. */
  @FunctionalInterface
  interface CompletionHandler {
    /**
     * @param error null if all is well
     */
    void completed(long id, String error);
  }

  /** Something happened on the listening side. Immutable. */
  final class Event {
    private final Incoming incoming;
    private final byte[] token;

    private Event(Incoming incoming, byte[] token) {
      this.incoming = incoming;
      this.token = token;
    }

    /**
     * @param token what the peer sent, of any length
     */
    public static Event requested(Incoming incoming, byte[] token) {
      return new Event(incoming, token.clone());
    }

    /** The connection of a peer has ended. */
    public static Event ended(Incoming incoming) {
      return new Event(incoming, null);
    }

    public Incoming incoming() {
      return incoming;
    }

    public boolean isRequest() {
      return token != null;
    }

    public byte[] token() {
      return token.clone();
    }
  }

  /** One READ. Immutable. */
  final class Read {
    private final long id;
    private final long localAddress;
    private final int localKey;
    private final long remoteAddress;
    private final int remoteKey;
    private final int lengthBytes;
    private final boolean signalled;

    /**
     * @param id comes back with the completion
     * @param signalled whether there is a completion if all is well; there always is one if not
     */
    public Read(
        long id,
        long localAddress,
        int localKey,
        long remoteAddress,
        int remoteKey,
        int lengthBytes,
        boolean signalled) {
      this.id = id;
      this.localAddress = localAddress;
      this.localKey = localKey;
      this.remoteAddress = remoteAddress;
      this.remoteKey = remoteKey;
      this.lengthBytes = lengthBytes;
      this.signalled = signalled;
    }

    public long id() {
      return id;
    }

    public long localAddress() {
      return localAddress;
    }

    public int localKey() {
      return localKey;
    }

    public long remoteAddress() {
      return remoteAddress;
    }

    public int remoteKey() {
      return remoteKey;
    }

    public int lengthBytes() {
      return lengthBytes;
    }

    public boolean isSignalled() {
      return signalled;
    }
  }
}
