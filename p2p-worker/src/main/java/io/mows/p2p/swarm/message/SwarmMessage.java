// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.message;

import io.mows.p2p.piece.PieceBits;

/** What peers tell each other about one file. Immutable; arrays are not to be changed. */
public abstract class SwarmMessage {
  private final long fileId;

  private SwarmMessage(long fileId) {
    this.fileId = fileId;
  }

  public long fileId() {
    return fileId;
  }

  /** Calls the method of {@code handler} for this kind of message. */
  public abstract void deliverTo(Handler handler, long peerId, long nowNs);

  /** One method for each kind of message. */
  public interface Handler {
    void onBitfield(long peerId, Bitfield message, long nowNs);

    void onBitfieldDelta(long peerId, BitfieldDelta message, long nowNs);

    void onRumour(long peerId, Rumour message, long nowNs);

    void onOffer(long peerId, Offer message, long nowNs);

    void onRequest(long peerId, Request message, long nowNs);

    void onReject(long peerId, Reject message, long nowNs);

    void onCancel(long peerId, Cancel message, long nowNs);
  }

  /**
   * All that the sender has and is getting: the first message on a connection, and now and then.
   */
  public static final class Bitfield extends SwarmMessage {
    private final PieceBits have;
    private final PieceBits arriving;
    private final PieceBits seen;
    private final int freeSlots;
    private final boolean asking;

    /**
     * @param seen what the sender knows to be anywhere in the swarm, see {@link Rumour}
     * @param freeSlots how many more pieces the sender would take now
     * @param asking whether the sender has no map from the receiver and wants one
     */
    public Bitfield(
        long fileId,
        PieceBits have,
        PieceBits arriving,
        PieceBits seen,
        int freeSlots,
        boolean asking) {
      super(fileId);
      this.have = have;
      this.arriving = arriving;
      this.seen = seen;
      this.freeSlots = freeSlots;
      this.asking = asking;
    }

    public PieceBits have() {
      return have;
    }

    public PieceBits arriving() {
      return arriving;
    }

    public PieceBits seen() {
      return seen;
    }

    public int freeSlots() {
      return freeSlots;
    }

    public boolean isAsking() {
      return asking;
    }

    @Override
    public void deliverTo(Handler handler, long peerId, long nowNs) {
      handler.onBitfield(peerId, this, nowNs);
    }
  }

  /** What has changed of the sender's map since its last message. */
  public static final class BitfieldDelta extends SwarmMessage {
    private final int[] have;
    private final int[] arriving;
    private final int[] gone;
    private final int freeSlots;

    public BitfieldDelta(long fileId, int[] have, int[] arriving, int[] gone, int freeSlots) {
      super(fileId);
      this.have = have;
      this.arriving = arriving;
      this.gone = gone;
      this.freeSlots = freeSlots;
    }

    public int[] have() {
      return have;
    }

    public int[] arriving() {
      return arriving;
    }

    /** Neither there nor arriving any more. */
    public int[] gone() {
      return gone;
    }

    public int freeSlots() {
      return freeSlots;
    }

    @Override
    public void deliverTo(Handler handler, long peerId, long nowNs) {
      handler.onBitfieldDelta(peerId, this, nowNs);
    }
  }

  /**
   * News that every peer passes on once: which pieces have been seen anywhere in the swarm, or are
   * being read from the origin, if not all peers are connected with each other; and which ones a
   * reader waits for somewhere.
   */
  public static final class Rumour extends SwarmMessage {
    private final int[] seen;
    private final int[] demanded;

    public Rumour(long fileId, int[] seen, int[] demanded) {
      super(fileId);
      this.seen = seen;
      this.demanded = demanded;
    }

    public int[] seen() {
      return seen;
    }

    public int[] demanded() {
      return demanded;
    }

    @Override
    public void deliverTo(Handler handler, long peerId, long nowNs) {
      handler.onRumour(peerId, this, nowNs);
    }
  }

  /** A message about one piece. */
  private abstract static class OfPiece extends SwarmMessage {
    private final int piece;

    OfPiece(long fileId, int piece) {
      super(fileId);
      this.piece = piece;
    }

    public final int piece() {
      return piece;
    }
  }

  /** The sender has a free upload slot and suggests {@code piece}. Request or refuse. */
  public static final class Offer extends OfPiece {
    public Offer(long fileId, int piece) {
      super(fileId, piece);
    }

    @Override
    public void deliverTo(Handler handler, long peerId, long nowNs) {
      handler.onOffer(peerId, this, nowNs);
    }
  }

  /** Send me this piece. */
  public static final class Request extends OfPiece {
    private final boolean urgent;

    /**
     * @param urgent if there is no slot, offer the piece as soon as there is one
     */
    public Request(long fileId, int piece, boolean urgent) {
      super(fileId, piece);
      this.urgent = urgent;
    }

    public boolean isUrgent() {
      return urgent;
    }

    @Override
    public void deliverTo(Handler handler, long peerId, long nowNs) {
      handler.onRequest(peerId, this, nowNs);
    }
  }

  /** The answer to a request or an offer that comes to nothing. */
  public static final class Reject extends OfPiece {
    /** Why, and which of the two it answers. */
    public enum Reason {
      /** To a request: all upload slots are taken. */
      BUSY(0),
      /** To a request: I do not have that piece (any more). */
      MISSING(1),
      /** To an offer: I take no more pieces now. */
      FULL(2),
      /** To an offer: I have that piece, or it is on its way. */
      HAVE(3),
      /** To an offer: I want none of the pieces that you have of this file, or not from you. */
      UNWANTED(4);

      private final int code;

      Reason(int code) {
        this.code = code;
      }

      /** What stands for it on the wire; never renumbered. */
      public int code() {
        return code;
      }

      /** The reason with this code, or null if there is none. */
      public static Reason ofCode(int code) {
        for (Reason reason : values()) {
          if (reason.code == code) {
            return reason;
          }
        }
        return null;
      }
    }

    private final Reason reason;

    public Reject(long fileId, int piece, Reason reason) {
      super(fileId, piece);
      this.reason = reason;
    }

    public Reason reason() {
      return reason;
    }

    @Override
    public void deliverTo(Handler handler, long peerId, long nowNs) {
      handler.onReject(peerId, this, nowNs);
    }
  }

  /** The requested piece is not wanted any more. */
  public static final class Cancel extends OfPiece {
    public Cancel(long fileId, int piece) {
      super(fileId, piece);
    }

    @Override
    public void deliverTo(Handler handler, long peerId, long nowNs) {
      handler.onCancel(peerId, this, nowNs);
    }
  }
}
