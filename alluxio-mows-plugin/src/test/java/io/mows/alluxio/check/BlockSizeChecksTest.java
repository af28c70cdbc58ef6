// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.piece.FileLayout;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class BlockSizeChecksTest {
  private static final long BLOCK_BYTES = 64L << 20;

  private static FileSpec file(long id, String path, long lengthBytes, long blockBytes) {
    FileLayout layout = new FileLayout(lengthBytes, blockBytes, 1 << 20);
    return new FileSpec(
        id,
        path,
        layout,
        LongStream.range(0, layout.blockCount()).boxed().collect(Collectors.toList()),
        new OriginRef(1, "oss://bucket" + path, "", 1));
  }

  @Test
  void shouldSayNothingOfFilesOfOneBlock() {
    assertEquals(List.of(), BlockSizeChecks.of(List.of(file(1, "/m/a", BLOCK_BYTES, BLOCK_BYTES))));
  }

  @Test
  void shouldSayWhatTheLargestNeeds() {
    List<Finding> findings =
        BlockSizeChecks.of(
            List.of(
                file(1, "/m/a", 2 * BLOCK_BYTES, BLOCK_BYTES),
                file(2, "/m/b", 5 * BLOCK_BYTES, BLOCK_BYTES),
                file(3, "/m/config.json", 9, BLOCK_BYTES)));
    assertEquals(1, findings.size());
    Finding finding = findings.get(0);
    assertEquals(Finding.Level.NOTE, finding.level());
    assertTrue(finding.found().startsWith("/m/b and 1 more are read"), finding::toString);
    assertTrue(finding.found().endsWith("5 blocks, not one"), finding::toString);
    assertTrue(
        finding.remedy().contains("alluxio.user.block.size.bytes.default of at least 320.00MB"),
        finding::toString);
  }

  @Test
  void shouldForgetAFileThatWasListedAgainWithALargerBlock() {
    assertEquals(
        List.of(),
        BlockSizeChecks.of(
            List.of(
                file(1, "/m/a", 2 * BLOCK_BYTES, BLOCK_BYTES),
                file(7, "/m/a", 2 * BLOCK_BYTES, 2 * BLOCK_BYTES))));
  }
}
