// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.wire.LaneFrames;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections with one peer. The side that dialled the first one dials the others too, for that
 * way is known to work; the other side invites it, and says how many it wants. Thread-safe.
 *
 * <p>Each side finds out by itself how many are good for what it asks for ({@link LaneTrial}), and
 * uses those; what both have left unused for a while is closed.
 */
final class Lanes {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Of the times that more are wanted than there are, some a second. */
  private static final int ASK_AGAIN = 10;

  private final Lane first;
  private final boolean dials;
  private final int max;
  private final Dialling dialling;
  private volatile List<Lane> extra = List.of();
  private volatile int width = 1;
  private byte[] token;
  private int underWay;
  private int asked;
  private int sinceAsked;
  private volatile boolean deaf;
  private Runnable whenGone;

  /** What happens where connections are made. Called without a lock. */
  interface Dialling {
    /** Dials one more, shows the token, and has {@link Lanes#dialled} called in any case. */
    void dial(byte[] token);

    /** Has the peer dial so many beside the first. */
    void want(int count);

    /** How many there are has changed. */
    void changed();
  }

  /**
   * @param dials whether this side makes them
   * @param max how many there may be, the first included
   */
  Lanes(Lane first, boolean dials, int max, Dialling dialling) {
    this.first = first;
    this.dials = dials;
    this.max = max;
    this.dialling = dialling;
  }

  /** A token for the peer, which is to show it on the connections that it makes. */
  synchronized byte[] invite() {
    token = new byte[LaneFrames.TOKEN_BYTES];
    RANDOM.nextBytes(token);
    return token.clone();
  }

  /** The peer lets us make more. */
  synchronized void invited(byte[] peersToken) {
    token = peersToken;
  }

  /** The peer wants so many beside the first. */
  void wanted(int count) {
    make(1 + count);
  }

  /** The connection for the next request: of those in use the one with the fewest. */
  Lane pick() {
    Lane best = first;
    List<Lane> others = extra;
    int count = Math.min(width - 1, others.size());
    for (int i = 0; i < count; i++) {
      if (others.get(i).openRequests() < best.openRequests()) {
        best = others.get(i);
      }
    }
    return best;
  }

  /** The youngest, for tests. */
  Lane last() {
    return extra.isEmpty() ? first : extra.get(extra.size() - 1);
  }

  /** How many there are, the first included. */
  int open() {
    return 1 + extra.size();
  }

  int openRequests() {
    int sum = first.openRequests();
    for (Lane lane : extra) {
      sum += lane.openRequests();
    }
    return sum;
  }

  /**
   * Uses so many from now on.
   *
   * @param needed whether those that are missing are to be made
   */
  void use(int count, boolean needed) {
    width = count;
    boolean missing = needed && open() < count;
    if (missing && dials) {
      make(count);
    } else if (mustAsk(missing ? count : 1)) {
      dialling.want(count - 1);
    }
  }

  /** At once, and then now and then: the peer may not know yet that one is gone. */
  private synchronized boolean mustAsk(int count) {
    sinceAsked = asked == count ? sinceAsked + 1 : 0;
    asked = count;
    return count > 1 && token != null && sinceAsked % ASK_AGAIN == 0;
  }

  private void make(int count) {
    List<byte[]> dials = new ArrayList<>();
    synchronized (this) {
      while (token != null && whenGone == null && open() + underWay < Math.min(count, max)) {
        underWay++;
        dials.add(token);
      }
    }
    dials.forEach(dialling::dial);
  }

  /** An attempt to make one has ended; if it is there it has joined before. */
  synchronized void dialled() {
    underWay--;
  }

  /** One more is there; false if it is one too many. */
  boolean join(Lane lane) {
    synchronized (this) {
      if (whenGone != null || open() >= max) {
        return false;
      }
      List<Lane> more = new ArrayList<>(extra);
      more.add(lane);
      extra = List.copyOf(more);
      lane.setReading(!deaf);
    }
    dialling.changed();
    return true;
  }

  /** It is gone, and nothing is under way on it any more. */
  void left(Lane lane) {
    Runnable then;
    synchronized (this) {
      List<Lane> fewer = new ArrayList<>(extra);
      fewer.remove(lane);
      extra = List.copyOf(fewer);
      then = extra.isEmpty() ? whenGone : null;
    }
    if (then != null) {
      then.run();
    } else {
      dialling.changed();
    }
  }

  /** Whether what the peer sends is taken, on all of them. */
  synchronized void setReading(boolean reading) {
    deaf = !reading;
    first.setReading(reading);
    extra.forEach(lane -> lane.setReading(reading));
  }

  /** Whether nothing that the peer sends is taken. */
  boolean isDeaf() {
    return deaf;
  }

  /** The first one is gone: ends the others, then calls back, on whichever thread. */
  void close(Runnable then) {
    List<Lane> left;
    synchronized (this) {
      whenGone = then;
      left = extra;
    }
    if (left.isEmpty()) {
      then.run();
    }
    left.forEach(lane -> lane.close("The first connection with this peer is gone"));
  }
}
