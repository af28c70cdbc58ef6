// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.channel.PeerConnection;
import io.mows.p2p.locator.PeerInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The links with peers that have greeted: at most one for each peer, whoever dialled. If two
 * workers dial each other at once, both keep the connection that the one with the smaller number
 * dialled. For one thread.
 */
final class Links {
  private final long selfId;
  private final Map<Long, Link> links = new HashMap<>();

  /** The same links: each message asks for the one that it has come on. */
  private final Map<PeerConnection, Link> byConnection = new HashMap<>();

  Links(long selfId) {
    this.selfId = selfId;
  }

  Optional<Link> of(long peerId) {
    return Optional.ofNullable(links.get(peerId));
  }

  /** What we have with the peer on this connection; empty if on another one, or on none. */
  Optional<Link> on(PeerConnection connection) {
    return Optional.ofNullable(byConnection.get(connection));
  }

  /** Whether this connection is to be kept rather than the one that is there, if there is one. */
  boolean wants(PeerConnection connection, Greeting greeting) {
    long peerId = PeerInfo.idHashOf(connection.peerId());
    Link old = links.get(peerId);
    return peerId != selfId && (old == null || replaces(connection, greeting, old, peerId));
  }

  private boolean replaces(PeerConnection connection, Greeting greeting, Link old, long peerId) {
    if (greeting.session() != old.session || !old.connection.isOpen()) {
      return true;
    }
    boolean weAreSmaller = Long.compareUnsigned(selfId, peerId) < 0;
    return connection.isOutgoing() != old.connection.isOutgoing()
        && connection.isOutgoing() == weAreSmaller;
  }

  /** Keeps this connection; returns the link that it replaces, not closed. */
  Optional<Link> put(PeerConnection connection, long session) {
    long peerId = PeerInfo.idHashOf(connection.peerId());
    Optional<Link> old = remove(peerId);
    Link link = new Link(peerId, connection, session);
    links.put(peerId, link);
    byConnection.put(connection, link);
    return old;
  }

  /** Forgets the link with this peer; the connection stays as it is. */
  Optional<Link> remove(long peerId) {
    Link link = links.remove(peerId);
    if (link != null) {
      byConnection.remove(link.connection);
    }
    return Optional.ofNullable(link);
  }

  /** The one connection with a peer. */
  static final class Link {
    private final long peerId;
    private final PeerConnection connection;
    private final long session;
    private boolean full;

    private Link(long peerId, PeerConnection connection, long session) {
      this.peerId = peerId;
      this.connection = connection;
      this.session = session;
    }

    long peerId() {
      return peerId;
    }

    PeerConnection connection() {
      return connection;
    }

    /** The peer has said that it has no place for us. */
    void refused() {
      full = true;
    }

    boolean isRefused() {
      return full;
    }
  }
}
