// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReadAheadRoomTest {
  private static final long GIB = 1L << 30;

  @Test
  void shouldBeginAllThatIsFree() {
    assertEquals(
        3, new ReadAheadRoom(30 * GIB, 0).admit(List.of(10 * GIB, 10 * GIB, 10 * GIB), 50 * GIB));
    assertEquals(2, new ReadAheadRoom(29 * GIB, 0).admit(List.of(10 * GIB, 10 * GIB, 10 * GIB), 0));
  }

  @Test
  void shouldBeginAtOnceWhatIsThere() {
    assertEquals(2, new ReadAheadRoom(-GIB, 0).admit(List.of(0L, 0L, 1L), 0));
  }

  @Test
  void shouldTakeFromOthersALittleAtATime() {
    ReadAheadRoom room = new ReadAheadRoom(0, 30 * GIB);
    assertEquals(1, room.admit(List.of(10 * GIB, 10 * GIB), 0));
    assertEquals(0, room.admit(List.of(10 * GIB, 10 * GIB), GIB), "one is under way");
    assertEquals(1, room.admit(List.of(10 * GIB), GIB / 4));
    assertEquals(0, room.admit(List.of(31 * GIB), 0), "it does not fit");
  }

  @Test
  void shouldNotSkipWhatDoesNotFit() {
    assertEquals(0, new ReadAheadRoom(GIB, GIB).admit(List.of(3 * GIB, 1L), 0));
  }

  @Test
  void shouldKnowWhatIsColder() {
    Map<Long, Long> held = Map.of(1L, 10L, 2L, 20L, 3L, 40L, 4L, 80L);
    assertEquals(
        10,
        ReadAheadRoom.coldBytes(held, Set.of(4L), id -> id == 3 ? 101 : id == 2 ? 100 : 5, 100));
  }

  @Test
  void shouldKeepTheWindowOfAnOpenFileWithinMemory() {
    assertEquals(9 * GIB, new ReadAheadRoom(20 * GIB, 0).windowBytes(0, 10 * GIB));
    assertEquals(3 * GIB, new ReadAheadRoom(GIB, GIB).windowBytes(GIB, 10 * GIB));
    assertEquals(GIB / 2, new ReadAheadRoom(-5 * GIB, GIB).windowBytes(GIB, 10 * GIB));
  }
}
