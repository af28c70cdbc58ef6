// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.LongToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What peers say on their connections: who they are, which makes a link of the connection, and from
 * then on what they have to say of files. For the engine's thread.
 */
final class PeerTalk {
  private static final Logger LOG = LoggerFactory.getLogger(PeerTalk.class);
  private static final long GREETING_NS = TimeUnit.SECONDS.toNanos(5);

  private final PeerInfo self;
  private final Links links;
  private final DialBack dialBack;
  private final PeerEvents events;
  private final LongToIntFunction pieceCounts;
  private final LongSupplier nanoClock;
  private final Map<PeerConnection, Stranger> strangers = new HashMap<>();

  PeerTalk(
      PeerInfo self, Links links, DialBack dialBack, PeerEvents events, LongSupplier nanoClock) {
    this.self = self;
    this.links = links;
    this.dialBack = dialBack;
    this.events = events;
    this.pieceCounts = events::pieceCount;
    this.nanoClock = nanoClock;
  }

  /** This connection stands, and its peer is to say soon who it is. */
  void expectGreeting(PeerConnection connection, long peerId) {
    // The peer greets unasked: it may have done so before we were told that the dial succeeded.
    if (links.on(connection).isEmpty()) {
      strangers.put(
          connection, new Stranger(peerId, connection.isOutgoing(), nanoClock.getAsLong()));
    }
  }

  /** Closes connections whose peer has not said who it is. */
  void sweep(long nowNs) {
    strangers.forEach(
        (connection, stranger) -> {
          if (nowNs - stranger.sinceNs > GREETING_NS) {
            connection.close();
          }
        });
  }

  /**
   * Reads a message only now: of a peer that has greeted, and of a file whose size is known, so
   * that what is kept of it is no more than what has come.
   */
  void heard(PeerConnection connection, byte kind, ByteBuffer message) {
    try {
      Optional<Links.Link> link = links.on(connection);
      if (DialMessages.isOne(kind)) {
        if (dialBack.heard(connection, kind, message)) {
          noLongerAwaited(connection, "it only asks to be dialled");
        }
      } else if (dialBack.owns(connection)) {
        return; // It is no link, and becomes none.
      } else if (kind == PeerKinds.GREETING) {
        greeted(connection, PeerDecoder.decodeGreeting(message));
      } else if (link.isPresent() && kind == PeerKinds.FULL) {
        link.get().refused();
      } else if (link.isPresent()) {
        long peerId = link.get().peerId();
        Optional<SwarmMessage> said = PeerDecoder.decode(kind, message, pieceCounts);
        if (said.isPresent()) {
          events.received(peerId, said.get());
        }
      }
    } catch (IOException e) {
      LOG.warn("The connection with {} is closed: {}", connection.peerId(), e.getMessage());
      connection.close();
    }
  }

  private void greeted(PeerConnection connection, Greeting greeting) {
    long peerId = PeerInfo.idHashOf(connection.peerId());
    if (!links.wants(connection, greeting)) {
      noLongerAwaited(connection, "it has no use for it");
      connection.close();
      return;
    }
    Optional<Links.Link> old = links.put(connection, greeting.session());
    if (old.isEmpty()) {
      Role role = PeerRelation.ofConnected(self, greeting.group(), greeting.role());
      events.connected(peerId, role, !connection.isOutgoing(), greeting.isImportant());
    } else {
      old.get().connection().close();
      // What the old one had beside it goes with it, and of its end nobody is told.
      events.lanes(peerId, 1);
    }
    noLongerAwaited(connection, connection.peerId() + " answers there");
  }

  /** A connection is no more. */
  void ended(PeerConnection connection, CloseReason reason) {
    long peerId = PeerInfo.idHashOf(connection.peerId());
    dialBack.ended(connection);
    Optional<Links.Link> link = links.on(connection);
    if (link.isPresent()) {
      links.remove(peerId);
      events.disconnected(peerId, link.get().isRefused() ? Cause.REFUSED : Cause.LOST);
    }
    noLongerAwaited(connection, "it ended without a greeting: " + reason);
  }

  /** No greeting is waited for on this connection any more; it may have been another worker's. */
  private void noLongerAwaited(PeerConnection connection, String why) {
    Stranger stranger = strangers.remove(connection);
    if (stranger != null && stranger.isDialled) {
      dialFailed(stranger.peerId, connection.peerId(), why);
    }
  }

  /**
   * What this worker dialled did not become a link. If the peer has dialled this worker at the same
   * time, that connection is the one that both keep, and only its end would be the end.
   */
  void dialFailed(long peerId, String name, String why) {
    if (links.of(peerId).isPresent()) {
      return;
    }
    for (Stranger stranger : strangers.values()) {
      if (stranger.peerId == peerId) {
        stranger.isDialled = true;
        return;
      }
    }
    LOG.info("No connection with {}: {}", name, why);
    events.disconnected(peerId, Cause.LOST);
  }

  /** A connection whose peer has not greeted yet. */
  private static final class Stranger {
    private final long peerId;
    private final long sinceNs;

    /** Whether the end of this connection is the end of an attempt of this worker. */
    private boolean isDialled;

    Stranger(long peerId, boolean isDialled, long sinceNs) {
      this.peerId = peerId;
      this.isDialled = isDialled;
      this.sinceNs = sinceNs;
    }
  }
}
