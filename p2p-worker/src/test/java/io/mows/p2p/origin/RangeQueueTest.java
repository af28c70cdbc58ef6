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

  private final RangeQueue<String> queue = new RangeQueue<>(64);
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
    for (int i = 0; i < 6; i++) {
      nowNs += SECOND_NS / 20;
      received += (long) (running.size() * bytesPerSecond / 20);
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

  @Test
  void shouldReadPiecesInOneGoWhereThereAreMoreOfThemThanStreamsAreOfUse() {
    queue.add("a", PIECE, true);
    startAll();
    measure(1e6);
    for (String piece : List.of("b", "c", "d", "e", "f", "g", "h", "i")) {
      queue.add(piece, PIECE, true);
    }
    assertEquals("a4-7", startAll().get(0));
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
    RangeQueue<String> narrow = new RangeQueue<>(2);
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
    assertEquals(0, queue.piecesWanted(PIECE), "nothing is known");
    queue.add("a", PIECE, true);
    queue.add("b", PIECE, true);
    queue.add("c", PIECE, true);
    startAll();
    for (int i = 0; i < 3; i++) {
      measure(1e6);
      startAll();
    }
    assertEquals(32, queue.width());
    assertEquals(4, queue.piecesWanted(PIECE));
    queue.add("d", PIECE, false);
    assertEquals(32, queue.piecesWanted(PIECE));
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
    assertEquals(0, queue.piecesWanted(PIECE));
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
