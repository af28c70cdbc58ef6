// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrcManifestTest {
  @TempDir Path dir;

  @BeforeEach
  void writeKnownFile() throws IOException {
    // The check value of CRC-32 in the catalogues of CRC algorithms.
    Files.writeString(dir.resolve("known.bin"), "123456789");
    Files.writeString(dir.resolve(CrcManifest.FILE_NAME), "cbf43926 known.bin\n");
  }

  @Test
  void shouldAcceptTheKnownCrc() throws IOException {
    assertEquals(List.of(), CrcManifest.verify(dir));
  }

  @Test
  void shouldReportAFlippedBit() throws IOException {
    Files.writeString(dir.resolve("known.bin"), "123456788");
    CrcMismatch mismatch = CrcManifest.verify(dir).get(0);
    assertEquals("known.bin", mismatch.path());
    assertEquals(CrcMismatch.Reason.DIFFERENT, mismatch.reason());
    assertTrue(mismatch.detail().contains("cbf43926"), mismatch.detail());
  }

  @Test
  void shouldReportMissingAndUnlistedFilesInSubdirectories() throws IOException {
    Files.delete(dir.resolve("known.bin"));
    Files.createDirectories(dir.resolve("sub dir"));
    Files.writeString(dir.resolve("sub dir/extra"), "x");
    assertEquals(
        List.of("known.bin MISSING", "sub dir/extra UNLISTED"),
        CrcManifest.verify(dir).stream()
            .map(mismatch -> mismatch.path() + " " + mismatch.reason())
            .collect(Collectors.toList()));
  }

  @Test
  void shouldReportWhatCannotBeRead() throws IOException {
    Files.delete(dir.resolve("known.bin"));
    Files.createDirectory(dir.resolve("known.bin"));
    assertEquals(CrcMismatch.Reason.UNREADABLE, CrcManifest.verify(dir).get(0).reason());
  }

  @Test
  void shouldRefuseAMalformedLine() throws IOException {
    Files.writeString(dir.resolve(CrcManifest.FILE_NAME), "cbf4392 known.bin\n");
    IOException error = assertThrows(IOException.class, () -> CrcManifest.verify(dir));
    assertTrue(error.getMessage().contains("cbf4392 known.bin"), error.getMessage());
  }
}
