// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.origin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Divides the pieces that are read from the origin among its streams. A piece is read by one stream
 * where that is quick; where a stream is slow, by several, each with a range of its own, and the
 * oldest piece first: so many streams make few pieces come sooner, instead of many pieces late.
 * Where all that is read are small files, each is little more than a question, and many are asked
 * side by side: that takes nobody's part of a link.
 *
 * <p>Pure: no clock; for one thread.
 *
 * @param <P> what a piece is to who reads it
 */
public final class RangeQueue<P> {
  /** No range is smaller, but the last of a piece; pieces are multiples of it, or one range. */
  public static final int UNIT_BYTES = 256 << 10;

  /** What comes within that over one stream is not worth another request. */
  static final long QUICK_NS = 250_000_000L;

  /** A piece of no more than that comes as soon as it is answered. */
  static final int SMALL_BYTES = 64 << 10;

  /** So many small ones at once at most. */
  static final int SMALL_STREAMS = 48;

  /** As many pieces as are under way as a matter of course. */
  private static final int USUAL = 16;

  private final int max;
  private final int pieceBytes;
  private final OriginWidth width;
  private final List<Entry<P>> pieces = new ArrayList<>();
  private int streams;

  /** So many pieces there have been that nobody asked for to give more streams something to do. */
  private int usualPieces;

  private int smallPieces;

  /** So many pieces were wanted, all of them being small; 0 if no more than usual. */
  private int smallWish;

  private boolean divides = true;
  private boolean isFailing;

  /**
   * @param max streams at most
   * @param pieceBytes of most pieces
   */
  public RangeQueue(int max, int pieceBytes) {
    this.max = max;
    this.pieceBytes = pieceBytes;
    this.width = new OriginWidth(max);
  }

  /**
   * One more piece is to be read.
   *
   * @param isDivisible whether its ranges cost no more than the whole
   */
  public void add(P piece, int lengthBytes, boolean isDivisible) {
    Entry<P> entry = new Entry<>(piece, lengthBytes, isDivisible);
    pieces.add(entry);
    divides = isDivisible;
    if (entry.isSmall()) {
      smallPieces++;
      return;
    }
    int large = pieces.size() - smallPieces;
    boolean isUnasked = large > Math.max(usualPieces, piecesWanted());
    // Of those that were to be small ones it says nothing that they are not.
    if (isUnasked && (smallWish == 0 || large <= USUAL)) {
      usualPieces++;
    }
  }

  /** What one more stream is to read now; empty if there are enough. Call until empty. */
  public Optional<Range<P>> next() {
    int most = mostStreams();
    if (streams >= most) {
      return Optional.empty();
    }
    for (Entry<P> entry : pieces) {
      if (entry.claimedBytes < entry.lengthBytes) {
        streams++;
        return Optional.of(entry.claim(rangeBytes(entry, most)));
      }
    }
    return Optional.empty();
  }

  /**
   * A piece waits for no stream, unless it is one of those that were to keep more streams busy than
   * there are now. Of an origin that fails nothing is asked twice at once.
   */
  private int mostStreams() {
    int few = isFailing ? 1 : width.streams();
    int large = pieces.size() - smallPieces;
    int usual = Math.min(usualPieces, large) + Math.min(smallStreams(), smallPieces);
    return Math.min(max, Math.max(few, usual));
  }

  /** As long as the origin answers. */
  private int smallStreams() {
    return isFailing || width.isHeldBack() ? USUAL : SMALL_STREAMS;
  }

  /** More streams than the first few have been tried, and were of no use. */
  private boolean isFull() {
    return width.isEnough() && width.found() <= OriginWidth.FIRST;
  }

  private boolean isWide() {
    return width.streams() > OriginWidth.FIRST;
  }

  private int rangeBytes(Entry<P> entry, int most) {
    int left = entry.lengthBytes - entry.claimedBytes;
    if (left <= UNIT_BYTES || !entry.isDivisible) {
      return left;
    }
    double bytesPerNs = width.streamBytesPerNs();
    boolean isHelped = isFailing || most > pieces.size() || bytesPerNs == 0 || !isFull();
    // The rest as well: who reads it alone keeps the others waiting for the next piece.
    return isHelped && bytesPerNs * QUICK_NS < entry.lengthBytes ? UNIT_BYTES : left;
  }

  /** The first byte of a range has come. */
  public void begun(Range<P> range, long nowNs) {
    isFailing = false;
    if (!range.begun) {
      range.begun = true;
      width.streaming(1, nowNs);
    }
  }

  /**
   * All bytes of a range are here.
   *
   * @return true if the whole piece is
   */
  public boolean ended(Range<P> range, long nowNs) {
    over(range, nowNs);
    Entry<P> entry = range.entry;
    entry.doneBytes += range.lengthBytes;
    return !entry.removed && entry.doneBytes == entry.lengthBytes && remove(entry);
  }

  /**
   * A range failed, and its piece with it: nothing more of it is read.
   *
   * @return false if the piece had failed before
   */
  public boolean failed(Range<P> range, long nowNs) {
    over(range, nowNs);
    return !range.entry.removed && remove(range.entry);
  }

  private void over(Range<P> range, long nowNs) {
    streams--;
    if (range.begun) {
      width.streaming(-1, nowNs);
    }
  }

  private boolean remove(Entry<P> entry) {
    entry.removed = true;
    boolean isHere = pieces.remove(entry);
    smallPieces -= isHere && entry.isSmall() ? 1 : 0;
    return isHere;
  }

  /** Nothing more of a piece is read; what is being read of it ends as usual. */
  public void remove(P piece) {
    for (Entry<P> entry : List.copyOf(pieces)) {
      if (entry.piece.equals(piece)) {
        remove(entry);
      }
    }
  }

  /** Takes all pieces out, for good. */
  public List<P> removeAll() {
    List<P> all = new ArrayList<>();
    for (Entry<P> entry : new ArrayList<>(pieces)) {
      remove(entry);
      all.add(entry.piece);
    }
    return all;
  }

  /**
   * To be called some times a second.
   *
   * @param receivedBytes what has come over all streams, ever
   */
  public void update(long nowNs, long receivedBytes) {
    width.update(nowNs, receivedBytes, streams, mostStreams());
  }

  /** The origin is away, denies, or does not answer so many questions at once. */
  public void refused(long nowNs) {
    isFailing = true;
    width.refused(nowNs);
  }

  /** How many streams there may be now; more if there are more pieces. */
  public int width() {
    return width.streams();
  }

  /**
   * How many pieces must be under way to give all streams something to do, where more of them than
   * pieces are of use; 0 while that is not known. If all are small ever more of them.
   */
  public int piecesWanted() {
    boolean areAllSmall = smallPieces > 0 && smallPieces == pieces.size();
    if (areAllSmall) {
      // They may be all that there are, and large ones follow.
      smallWish = Math.min(max, Math.min(smallStreams(), 2 * smallPieces));
      return smallWish;
    }
    if (pieces.size() <= USUAL) {
      smallWish = 0;
    }
    double bytesPerNs = width.streamBytesPerNs();
    if (bytesPerNs == 0 || !isWide()) {
      return 0;
    }
    boolean whole = !divides || pieceBytes <= UNIT_BYTES || bytesPerNs * QUICK_NS >= pieceBytes;
    if (whole) {
      return width.streams();
    }
    // While the last ranges of one are read, the others need another one.
    long bytes = (long) width.streams() * UNIT_BYTES;
    return (int) ((bytes + pieceBytes - 1) / pieceBytes) + 1;
  }

  /**
   * A part of one piece that one stream reads.
   *
   * @param <P> what a piece is to who reads it
   */
  public static final class Range<P> {
    private final Entry<P> entry;
    private final int offset;
    private final int lengthBytes;
    private boolean begun;

    private Range(Entry<P> entry, int offset, int lengthBytes) {
      this.entry = entry;
      this.offset = offset;
      this.lengthBytes = lengthBytes;
    }

    public P piece() {
      return entry.piece;
    }

    /** Where it begins, from the start of the piece. */
    public int offset() {
      return offset;
    }

    public int lengthBytes() {
      return lengthBytes;
    }
  }

  private static final class Entry<P> {
    private final P piece;
    private final int lengthBytes;
    private final boolean isDivisible;
    private int claimedBytes;
    private int doneBytes;
    private boolean removed;

    Entry(P piece, int lengthBytes, boolean isDivisible) {
      this.piece = piece;
      this.lengthBytes = lengthBytes;
      this.isDivisible = isDivisible;
    }

    boolean isSmall() {
      return lengthBytes <= SMALL_BYTES;
    }

    Range<P> claim(int bytes) {
      Range<P> range = new Range<>(this, claimedBytes, bytes);
      claimedBytes += bytes;
      return range;
    }
  }
}
