// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.exception.status.NotFoundException;
import alluxio.exception.status.UnavailableException;
import alluxio.underfs.Fingerprint;
import alluxio.underfs.UfsFileStatus;
import alluxio.wire.FileInfo;
import com.google.common.base.Ticker;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.master.MasterCalls;
import io.mows.p2p.fetch.FileSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class FileCatalogTest {
  private static final int PIECE_BYTES = 1 << 20;
  private static final long BLOCK_BYTES = 8L << 20;
  private static final long FILE_ID = Ids.file(3);

  private final FakeMaster master = new FakeMaster();
  private final FileCatalog catalog =
      new FileCatalog(master, MowsConfs.paths("/models"), PIECE_BYTES, "crc32.txt");

  private static FileInfo info() {
    return new FileInfo()
        .setFileId(FILE_ID)
        .setPath("/models/a/1.safetensors")
        .setLength(BLOCK_BYTES + 5)
        .setBlockSizeBytes(BLOCK_BYTES)
        .setBlockIds(List.of(Ids.block(3, 0), Ids.block(3, 1)))
        .setCompleted(true)
        .setPersisted(true)
        .setFolder(false)
        .setMountId(77)
        .setUfsPath("oss://bucket/a/1.safetensors")
        .setUfsFingerprint("")
        .setLastModificationTimeMs(1234);
  }

  private static String fingerprint(String hash) {
    return Fingerprint.create(
            "oss", new UfsFileStatus("1.safetensors", hash, 5, 1L, "me", "us", (short) 0644, 1))
        .serialize();
  }

  private FileSpec spec(FileInfo info) {
    return catalog.of(info).orElseThrow();
  }

  @Test
  void shouldDescribeAnAcceleratedFile() {
    FileSpec file = spec(info().setUfsFingerprint(fingerprint("\"0xABC-12\"")));

    assertEquals(FILE_ID, file.fileId());
    assertEquals("/models/a/1.safetensors", file.path());
    assertEquals(BLOCK_BYTES + 5, file.layout().lengthBytes());
    assertEquals(PIECE_BYTES, file.layout().pieceBytes());
    assertEquals(2, file.layout().blockCount());
    assertEquals(1, file.blockOf(Ids.block(3, 1)));
    assertEquals(77, file.origin().mountId());
    assertEquals("oss://bucket/a/1.safetensors", file.origin().path());
    assertEquals(1234, file.origin().lastModifiedMs());
    assertEquals("\"0xABC-12\"", file.origin().contentHash());
  }

  @Test
  void shouldTellWhichAcceleratedFilesItWasAskedFor() {
    assertEquals(List.of(), catalog.known());
    FileSpec file = spec(info());
    catalog.of(info().setFileId(Ids.file(4)).setPath("/other/1.safetensors"));
    assertEquals(
        List.of(file.path()), catalog.known().stream().map(FileSpec::path).collect(toList()));
  }

  @Test
  void shouldTellOfWhichFilesAlluxioKeepsFewCopies() {
    spec(info().setReplicationMax(-1));
    assertEquals(Map.of(), catalog.limited());
    FileSpec file = spec(info().setReplicationMax(1));
    assertEquals(Map.of(file, 1), catalog.limited());
  }

  @Test
  void shouldKnowNoTagWhereTheFingerprintHasNone() {
    assertEquals("", spec(info().setUfsFingerprint(null)).origin().contentHash());
    assertEquals("", spec(info().setUfsFingerprint("")).origin().contentHash());
    assertEquals("", spec(info().setUfsFingerprint(fingerprint(""))).origin().contentHash());
    assertEquals("", spec(info().setUfsFingerprint(fingerprint(null))).origin().contentHash());
  }

  @Test
  void shouldLeaveToAlluxioWhatTheOriginDoesNotHaveWhole() {
    assertLeft(info -> info.setPersisted(false));
    assertLeft(info -> info.setCompleted(false));
    assertLeft(info -> info.setFolder(true));
    assertLeft(info -> info.setLength(0).setBlockIds(List.of()));
    assertLeft(info -> info.setUfsPath(""));
    assertLeft(info -> info.setPath("/other/1.safetensors"));
    assertLeft(info -> info.setPath("/models2/1.safetensors"));
  }

  @Test
  void shouldLeaveManifestsToAlluxio() throws IOException {
    assertLeft(info -> info.setPath("/models/a/crc32.txt"));
    assertTrue(catalog.isManifest(Ids.block(3, 0)));
    catalog.of(info());
    assertFalse(catalog.isManifest(Ids.block(3, 0)));
    catalog.of(info().setPath("/other/crc32.txt"));
    assertFalse(catalog.isManifest(Ids.block(3, 0)), "it judges nothing");
    catalog.of(info().setPath("/models/a/crc32.txt").setPersisted(false));
    assertFalse(catalog.isManifest(Ids.block(3, 0)), "the origin has none");
    assertEquals(List.of(), master.asked);
  }

  private void assertLeft(Consumer<FileInfo> change) {
    FileInfo info = info();
    change.accept(info);
    assertEquals(Optional.empty(), catalog.of(info), info::toString);
  }

  @Test
  void shouldAskTheMasterOnceForAllBlocksOfAFile() throws IOException {
    master.answer = info();
    FileSpec first = catalog.ofBlock(Ids.block(3, 0)).orElseThrow();
    assertEquals(first, catalog.ofBlock(Ids.block(3, 1)).orElseThrow());
    assertEquals(List.of(FILE_ID), master.asked);
  }

  @Test
  void shouldRememberWhatIsNotAccelerated() throws IOException {
    master.answer = info().setPath("/other/x");
    assertTrue(catalog.ofBlock(Ids.block(3, 0)).isEmpty());
    assertTrue(catalog.ofBlock(Ids.block(3, 0)).isEmpty());
    assertEquals(1, master.asked.size());
  }

  @Test
  void shouldAskAgainForAFileThatIsStillBeingWritten() throws IOException {
    master.answer = info().setCompleted(false);
    assertTrue(catalog.ofBlock(Ids.block(3, 0)).isEmpty());
    master.answer = info();
    assertTrue(catalog.ofBlock(Ids.block(3, 0)).isPresent());
  }

  @Test
  void shouldTakeTheNewPathOfARenamedFileWhenItIsToldOne() throws IOException {
    catalog.of(info());
    catalog.of(info().setPath("/models/b/1.safetensors"));
    assertEquals("/models/b/1.safetensors", catalog.ofBlock(Ids.block(3, 0)).orElseThrow().path());
    catalog.of(info().setPath("/elsewhere/1.safetensors"));
    assertTrue(catalog.ofBlock(Ids.block(3, 0)).isEmpty());
    assertEquals(List.of(), master.asked);
  }

  @Test
  void shouldGoByOldAnswersWhileTheMasterIsAway() throws IOException {
    AtomicLong nowNs = new AtomicLong();
    AtomicBoolean away = new AtomicBoolean();
    List<Long> asked = new ArrayList<>();
    FileCatalog.FileInfoSource source =
        id -> {
          if (away.get()) {
            // What the master's client says of a master that is starting.
            throw new NotFoundException("Service FILE_SYSTEM_MASTER_WORKER_SERVICE is not found.");
          }
          asked.add(id);
          return info().setFileId(id);
        };
    MasterCalls calls = new MasterCalls(new MasterCalls.Patience(60_000, 60_000, 60_000));
    try (FileCatalog patient =
        new FileCatalog(
            source,
            MowsConfs.paths("/models"),
            PIECE_BYTES,
            "crc32.txt",
            Optional.of(calls),
            new Ticker() {
              @Override
              public long read() {
                return nowNs.get();
              }
            })) {
      FileSpec before = patient.ofFile(FILE_ID).orElseThrow();
      away.set(true);
      nowNs.set(TimeUnit.HOURS.toNanos(1));
      assertEquals(before.path(), patient.ofFile(FILE_ID).orElseThrow().path());
      assertEquals(before.path(), patient.known(FILE_ID).orElseThrow().path());
      assertThrows(UnavailableException.class, () -> patient.ofFile(FILE_ID + 1));
      assertTrue(patient.known(FILE_ID + 1).isEmpty());
    }
    assertEquals(List.of(FILE_ID), asked);
  }

  @Test
  void shouldPassOnThatTheMasterDoesNotAnswerAndRememberNothing() throws IOException {
    assertThrows(IOException.class, () -> catalog.ofBlock(Ids.block(3, 0)));
    master.answer = info();
    assertTrue(catalog.ofBlock(Ids.block(3, 0)).isPresent());
  }
}
