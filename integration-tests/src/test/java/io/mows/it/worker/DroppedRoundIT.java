// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import static io.mows.it.worker.Clusters.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.base.Splitter;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.origin.Fault;
import io.mows.it.origin.RequestKind;
import io.mows.it.worker.ReaderProcess.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The origin delivers one wrong bit, once, and the manifest is right: who was given bytes by then
 * is told, whichever mount it is and however they are read.
 */
final class DroppedRoundIT {
  private static final int FILE_BYTES = 20 * MIB + 5;
  private static final int FIRST_BYTES = MIB;
  private static final int WRONG_BYTE = 12_345;
  private static final String KEY = "model/weights";

  @TempDir private Path bucket;
  private final List<ReaderProcess> readers = new ArrayList<>();

  @AfterEach
  void endReaders() {
    readers.forEach(ReaderProcess::close);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alluxio.mows.fuse.passthrough=true",
        "alluxio.mows.fuse.passthrough=false",
        "alluxio.fuse.jnifuse.libfuse.version=3"
      })
  void shouldTellEveryReaderWhoWasGivenBytesThatWereDropped(String property) throws Exception {
    byte[] right = Clusters.randomFile(bucket.resolve(KEY), FILE_BYTES, 3);
    Files.writeString(bucket.resolve("model/crc32.txt"), crc32(right) + " weights\n");
    String[] keyAndValue = property.split("=", 2);
    try (LocalCluster cluster =
        LocalCluster.start(
            Clusters.mows(bucket).property(keyAndValue[0], keyAndValue[1]).build())) {
      Path file = cluster.worker(0).mountPoint().resolve(KEY);
      boolean libfuse = keyAndValue[0].contains("libfuse");
      assertEquals(!libfuse, mountType(cluster).equals("fuse.mows"), mountType(cluster));
      beWrongOnceAndHoldTheEnd(cluster);
      // Two of each: one reads on, to the end that does not come, the other pauses.
      for (Way way : Way.values()) {
        start(way, file).goOn();
        start(way, file);
      }
      for (ReaderProcess reader : readers) {
        reader.awaitFirstBytes();
      }
      cluster.origin().admin().setFaults(List.of());
      Clusters.await(
          "the file to be fetched anew", () -> Clusters.metric(cluster, "FilesProven") == 1);
      assertEquals(1, Clusters.metric(cluster, "FilesWrong"));
      assertArrayEquals(right, Clusters.readAll(file), "a new open");
      for (int i = 1; i < readers.size(); i += 2) {
        readers.get(i).goOn();
      }
      List<String> results = new ArrayList<>();
      for (ReaderProcess reader : readers) {
        results.add(reader.result());
      }
      assertEquals(Collections.nCopies(readers.size(), "error"), results, "right: " + crc32(right));
      assertArrayEquals(right, Clusters.readAll(file), "a new open");
    }
  }

  private static String mountType(LocalCluster cluster) throws IOException {
    String point = " " + cluster.worker(0).mountPoint() + " ";
    return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
        .filter(line -> line.contains(point))
        .map(line -> Splitter.on(' ').splitToList(line).get(2))
        .findFirst()
        .orElseThrow();
  }

  private static void beWrongOnceAndHoldTheEnd(LocalCluster cluster) throws IOException {
    Fault wrong = Fault.corrupt(1).onKeys(KEY).onRequests(RequestKind.GET).onByte(WRONG_BYTE);
    Fault end = Fault.hold().onKeys(KEY).onRequests(RequestKind.GET).onByte(FILE_BYTES - 1);
    cluster.origin().admin().setFaults(List.of(end, wrong.times(1)));
  }

  private ReaderProcess start(Way way, Path file) throws IOException {
    ReaderProcess reader = ReaderProcess.start(way, FIRST_BYTES, file);
    readers.add(reader);
    return reader;
  }

  private static String crc32(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return String.format("%08x", crc.getValue());
  }
}
