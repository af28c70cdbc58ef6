// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.origin.RangeQueue.Range;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class RangeQueueTest {
  private static final int UNIT = RangeQueue.UNIT_BYTES;
  private static final int PIECE = 8 * UNIT;
  private static final long SECOND_NS = 1_000_000_000L;

  private final RangeQueue<String> queue = new RangeQueue<>(64, PIECE);
  private final List<Range<String>> running = new ArrayList<>();
  private long nowNs = SECOND_NS;
  private long received;

  private List<String> startAll() {
    List<Range<String>> started = new ArrayList<>();
    for (Optional<Range<String>> n = queue.next(); n.isPresent(); n = queue.next()) {
      queue.begun(n.get(), nowNs);
      started.add(n.get());
    }
    running.addAll(started);
    return started.stream().map(RangeQueueTest::name).collect(Collectors.toList());
  }

  /** The piece and the units of it, as in {@code a0-7}. */
  private static String name(Range<String> range) {
    int first = range.offset() / UNIT;
    int last = (range.offset() + range.lengthBytes() - 1) / UNIT;
    return range.piece() + first + (last > first ? "-" + last : "");
  }

  private boolean endFirst() {
    Range<String> range = running.remove(0);
    received += range.lengthBytes();
    return queue.ended(range, nowNs);
  }

  /** So much comes over each stream until so much time has passed. */
  private void measure(double bytesPerSecond) {
    measureAll(running.size() * bytesPerSecond);
  }

  private void measureAll(double bytesPerSecond) {
    for (int i = 0; i < 6; i++) {
      nowNs += SECOND_NS / 20;
      received += (long) (bytesPerSecond / 20);
      queue.update(nowNs, received);
    }
  }

  @Test
  void shouldReadTheFirstPieceOverAFewStreams() {
    queue.add("a", PIECE, true);
    assertEquals(List.of("a0", "a1", "a2", "a3"), startAll());
    assertFalse(endFirst());
    assertEquals(List.of("a4"), startAll());
  }

  private void addSmall(int from, int to) {
    for (int i = from; i < to; i++) {
      queue.add("small-" + i, RangeQueue.SMALL_BYTES, true);
    }
  }

  /** Each is a question, and the answers take long: not the bytes. */
  @Test
  void shouldReadEverMoreSmallFilesSideBySide() {
    addSmall(0, 16);
    assertEquals(16, startAll().size());
    assertEquals(32, queue.piecesWanted());
    addSmall(16, 32);
    assertEquals(16, startAll().size());
    assertEquals(RangeQueue.SMALL_STREAMS, queue.piecesWanted());
    addSmall(32, 100);
    assertEquals(RangeQueue.SMALL_STREAMS - 32, startAll().size(), "and no more than that");
    assertTrue(endFirst());
    assertEquals(1, startAll().size());
  }

  @Test
  void shouldAskFewerQuestionsOfAnOriginThatHasEnough() {
    addSmall(0, 100);
    startAll();
    queue.refused(nowNs);
    queue.refused(nowNs);
    assertTrue(queue.piecesWanted() <= 16, "wanted " + queue.piecesWanted());
  }

  /** What was wanted because all were small may be large. */
  @Test
  void shouldReadLargePiecesAsUsualBehindSmallOnes() {
    addSmall(0, 16);
    startAll();
    assertEquals(32, queue.piecesWanted());
    for (int i = 0; i < 32; i++) {
      queue.add("large-" + i, PIECE, false);
    }
    while (queue.next().isPresent()) {
      // Begins.
    }
    running.removeIf(range -> queue.ended(range, nowNs));
    assertEquals(0, startAll().size(), "no more than 16 large ones at once");
    assertEquals(0, queue.piecesWanted(), "and nobody wants more");
  }

  @Test
  void shouldGiveTheOldestPieceAllStreamsWhenTheyAreSlow() {
    queue.add("a", PIECE, true);
    queue.add("b", PIECE, true);
    startAll();
    measure(1e6);
    assertEquals(List.of("a4", "a5", "a6", "a7"), startAll(), "twice as many are tried");
    measure(1e6);
    assertEquals(List.of("b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7"), startAll());
    assertEquals(16, queue.width());
  }

  @Test
  void shouldReadAPieceInOneGoWhereStreamsAreQuick() {
    queue.add("a", PIECE, true);
    startAll();
    measure(100e6);
    assertEquals(List.of("a4-7"), startAll());
  }

  /** One stream would have the last five for as long as all eight the whole piece. */
  @Test
  void shouldDivideTheLastRangesOfAPieceAsWell() {
    queue.add("a", 16 * UNIT, true);
    startAll();
    measure(5e6);
    assertEquals(List.of("a4", "a5", "a6", "a7"), startAll());
    for (int i = 0; i < 8; i++) {
      endFirst();
    }
    assertEquals(List.of("a8", "a9", "a10", "a11", "a12", "a13", "a14", "a15"), startAll());
  }

  /** A worker alone reads that many, each over one stream: more streams must not make them less. */
  @Test
  void shouldGiveEveryPieceAStreamAlsoWhenMoreStreamsAreOfUse() {
    queue.add("a", PIECE, true);
    queue.add("b", PIECE, true);
    startAll();
    measure(5e6);
    assertEquals(8, queue.width());
    for (int i = 0; i < 14; i++) {
      queue.add("p" + i, PIECE, true);
    }
    startAll();
    assertEquals(16, running.size());
  }

  @Test
  void shouldNotGiveAStreamEachToThePiecesThatItAskedFor() {
    for (String piece : List.of("a", "b", "c", "d")) {
      queue.add(piece, PIECE, false);
    }
    startAll();
    measure(5e6);
    assertEquals(8, queue.piecesWanted());
    for (String piece : List.of("e", "f", "g", "h", "i", "j")) {
      queue.add(piece, PIECE, false);
    }
    startAll();
    measureAll(20e6);
    assertEquals(4, queue.width(), "the link is full");
    assertTrue(running.size() < 10, "streams: " + running.size());
  }

  @Test
  void shouldReadPiecesInOneGoWhereThereAreMoreOfThemThanStreamsAreOfUse() {
    queue.add("a", PIECE, true);
    queue.add("b", PIECE, true);
    startAll();
    measureAll(4e6);
    startAll();
    measureAll(4e6);
    assertEquals(4, queue.width(), "twice as many brought no more");
    for (String piece : List.of("c", "d", "e", "f", "g", "h", "i")) {
      queue.add(piece, PIECE, true);
    }
    while (running.size() > 3) {
      endFirst();
    }
    assertTrue(startAll().contains("c0-7"));
  }

  /** Else the last pieces of a model are waited for, over ever fewer streams. */
  @Test
  void shouldDivideAllPiecesWhereStreamsAreSlowByThemselves() {
    queue.add("a", PIECE, true);
    queue.add("b", PIECE, true);
    queue.add("c", PIECE, true);
    startAll();
    measure(5e6);
    startAll();
    measure(5e6);
    startAll();
    measureAll(40e6);
    assertEquals(8, queue.width(), "sixteen brought no more");
    for (int i = 0; i < 16; i++) {
      queue.add("p" + i, PIECE, true);
    }
    while (running.size() > 3) {
      endFirst();
    }
    List<String> next = startAll();
    assertTrue(next.stream().noneMatch(range -> range.contains("-")), "started: " + next);
  }

  /** Else there was nothing to do for more of them before the first pieces have come. */
  @Test
  void shouldDividePiecesAsLongAsMoreStreamsMayBeOfUse() {
    for (String piece : List.of("a", "b", "c", "d")) {
      queue.add(piece, PIECE, true);
    }
    startAll();
    nowNs += SECOND_NS / 2;
    received += 4 * UNIT;
    queue.update(nowNs, received);
    for (int i = 0; i < 4; i++) {
      endFirst();
    }
    List<String> next = startAll();
    assertTrue(next.contains("a4") && next.contains("a5"), "started: " + next);
  }

  @Test
  void shouldNotDivideWhatCostsMoreInParts() {
    queue.add("a", PIECE, false);
    queue.add("b", PIECE, false);
    assertEquals(List.of("a0-7", "b0-7"), startAll());
  }

  @Test
  void shouldGiveEveryPieceAStream() {
    for (int i = 0; i < 16; i++) {
      queue.add(Character.toString('a' + i), UNIT, true);
    }
    assertEquals(16, startAll().size());
  }

  @Test
  void shouldNotUseMoreStreamsThanItMay() {
    RangeQueue<String> narrow = new RangeQueue<>(2, PIECE);
    for (int i = 0; i < 5; i++) {
      narrow.add("p" + i, UNIT, true);
    }
    assertTrue(narrow.next().isPresent());
    assertTrue(narrow.next().isPresent());
    assertTrue(narrow.next().isEmpty());
  }

  @Test
  void shouldEndAPieceWithItsLastRange() {
    queue.add("a", 2 * UNIT + 100, true);
    assertEquals(List.of("a0", "a1", "a2"), startAll());
    assertFalse(endFirst());
    assertFalse(endFirst());
    assertTrue(endFirst());
  }

  @Test
  void shouldReadNothingMoreOfAPieceThatFailed() {
    queue.add("a", PIECE, true);
    startAll();
    assertTrue(queue.failed(running.remove(0), nowNs));
    assertFalse(queue.failed(running.remove(0), nowNs), "it has failed before");
    assertFalse(endFirst());
    assertFalse(endFirst());
    assertEquals(List.of(), startAll());
    queue.add("b", UNIT, true);
    assertEquals(List.of("b0"), startAll());
  }

  @Test
  void shouldReadNothingMoreOfAPieceThatIsNotWanted() {
    queue.add("a", PIECE, true);
    startAll();
    queue.remove("a");
    assertFalse(endFirst());
    assertEquals(List.of(), startAll());
  }

  @Test
  void shouldAskAnOriginThatFailsOneQuestionForEachPiece() {
    queue.add("a", PIECE, true);
    startAll();
    queue.refused(nowNs);
    while (!running.isEmpty()) {
      queue.failed(running.remove(0), nowNs);
    }
    queue.add("a", PIECE, true);
    Range<String> question = queue.next().orElseThrow();
    assertEquals("a0", name(question));
    assertTrue(queue.next().isEmpty());
    queue.begun(question, nowNs);
    assertEquals(List.of("a1", "a2", "a3"), startAll(), "it answers");
  }

  /** Enough for all streams, in pieces that are divided or not. */
  @Test
  void shouldAskForAsManyPiecesAsItsStreamsNeed() {
    assertEquals(0, queue.piecesWanted(), "nothing is known");
    queue.add("a", PIECE, true);
    queue.add("b", PIECE, true);
    queue.add("c", PIECE, true);
    startAll();
    for (int i = 0; i < 3; i++) {
      measure(1e6);
      startAll();
    }
    assertEquals(32, queue.width());
    assertEquals(4 + 1, queue.piecesWanted(), "and one when the last ranges are being read");
    queue.add("d", PIECE, false);
    assertEquals(32, queue.piecesWanted());
  }

  @Test
  void shouldAskForNothingSpecialWhereAFewStreamsAreEnough() {
    queue.add("a", PIECE, true);
    startAll();
    for (int i = 0; i < 8; i++) {
      nowNs += SECOND_NS / 4;
      received += 10_000_000;
      queue.update(nowNs, received);
      startAll();
    }
    assertEquals(4, queue.width());
    assertEquals(0, queue.piecesWanted());
  }

  @Test
  void shouldReadEveryByteOnce() {
    Random random = new Random(7);
    int pieces = 40;
    BitSet[] read = new BitSet[pieces];
    int added = 0;
    int done = 0;
    while (done < pieces) {
      if (added < pieces && random.nextInt(3) > 0) {
        read[added] = new BitSet();
        queue.add(Integer.toString(added), 1 + random.nextInt(PIECE), true);
        added++;
      }
      for (Range<String> range : started()) {
        BitSet bytes = read[Integer.parseInt(range.piece())];
        assertTrue(bytes.nextSetBit(range.offset()) < 0, "ranges overlap");
        bytes.set(range.offset(), range.offset() + range.lengthBytes());
        running.add(range);
      }
      nowNs += SECOND_NS / 50;
      received += 40_000L * running.size();
      queue.update(nowNs, received);
      if (!running.isEmpty()) {
        Range<String> range = running.remove(random.nextInt(running.size()));
        BitSet bytes = read[Integer.parseInt(range.piece())];
        if (queue.ended(range, nowNs)) {
          done++;
          assertEquals(bytes.length(), bytes.cardinality(), "all of the piece");
        }
      }
    }
    assertTrue(queue.next().isEmpty());
  }

  private List<Range<String>> started() {
    List<Range<String>> started = new ArrayList<>();
    for (Optional<Range<String>> n = queue.next(); n.isPresent(); n = queue.next()) {
      queue.begun(n.get(), nowNs);
      started.add(n.get());
    }
    return started;
  }
}
