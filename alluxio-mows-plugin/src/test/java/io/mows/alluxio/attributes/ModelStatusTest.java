// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.attributes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.FakeStatus;
import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.fetch.FileStatus.Proof;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelStatusTest {
  private static ModelStatus sum(FileStatus... files) {
    return ModelStatus.of(Arrays.asList(files), false, false);
  }

  @Test
  void shouldAddUpFiles() {
    ModelStatus sum =
        sum(
            FakeStatus.whole(100, Proof.PROVEN),
            FakeStatus.whole(20, Proof.NONE),
            FakeStatus.cold(3));
    assertEquals(3, sum.files());
    assertEquals(123, sum.bytes());
    assertEquals(120, sum.heldBytes());
    assertEquals(2, sum.wholeFiles());
    assertEquals(1, sum.files(Proof.PROVEN));
    assertEquals(120, sum.originBytes());
    assertEquals(2, sum.peerBytes());
    assertFalse(sum.isWhole());
    assertTrue(sum(FakeStatus.whole(1, Proof.NONE)).isWhole());
  }

  @Test
  void shouldNotCallNothingWholeOrProven() {
    assertFalse(sum().isWhole());
    assertEquals(Proof.NONE, sum().proof());
    assertEquals(OptionalLong.empty(), sum().endSeconds());
  }

  @ParameterizedTest
  @CsvSource({
    "PROVEN PROVEN,PROVEN",
    "PROVEN NONE,UNPROVEN",
    "PROVEN UNPROVEN,UNPROVEN",
    "NONE UNPROVEN,UNPROVEN",
    "NONE NONE,NONE",
    "PROVEN WRONG,WRONG",
    "NONE WRONG,WRONG"
  })
  void shouldBeProvenOnlyIfEachFileIs(String proofs, Proof expected) {
    List<FileStatus> files = new ArrayList<>();
    for (String proof : List.of(proofs.split(" ", -1))) {
      files.add(FakeStatus.whole(1, Proof.valueOf(proof)));
    }
    assertEquals(expected, ModelStatus.of(files, false, false).proof());
  }

  /** Files that come at once share the link: their rates are to be added, not averaged. */
  @Test
  void shouldTellTheRateOfAllTogetherAndWhenTheyEnd() {
    ModelStatus sum =
        sum(
            FakeStatus.arriving(1_000, 400, 400, 4),
            FakeStatus.arriving(1_000, 100, 100, 1),
            FakeStatus.cold(7_000));
    assertEquals(125, sum.bytesPerSecond());
    assertEquals(OptionalLong.of(12), sum.endSeconds());
  }

  @Test
  void shouldTellNoRateWhenNothingArrives() {
    assertEquals(0, sum(FakeStatus.whole(1_000, Proof.NONE)).bytesPerSecond());
    ModelStatus waiting = sum(FakeStatus.cold(5), FakeStatus.waiting(5, "the origin is away"));
    assertEquals(0, waiting.bytesPerSecond());
    assertEquals(OptionalLong.empty(), waiting.endSeconds());
    assertEquals(Optional.of("the origin is away"), waiting.waitsFor());
  }
}
