// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.conf.AlluxioProperties;
import alluxio.conf.InstancedConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.conf.Source;
import alluxio.grpc.UfsInfo;
import alluxio.underfs.UnderFileSystem;
import alluxio.underfs.UnderFileSystemConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OriginFileSystemsTest {
  private static final int PIECE_BYTES = 4 << 20;
  private static final int PART_BYTES = 512 << 10;
  private static final int STREAMS = 64;

  @TempDir Path dir;
  private FaultyUfs ufs;
  private final Map<Long, UfsInfo> mounts = new HashMap<>();

  @BeforeEach
  void register() {
    ufs = FaultyUfs.register();
  }

  @AfterEach
  void unregister() {
    ufs.close();
  }

  private OriginFileSystems fileSystems(InstancedConfiguration conf) {
    return new OriginFileSystems(
        id -> mounts.getOrDefault(id, UfsInfo.getDefaultInstance()), conf, PIECE_BYTES, STREAMS);
  }

  private static InstancedConfiguration conf(Map<String, String> siteFile) {
    Properties file = new Properties();
    file.putAll(siteFile);
    AlluxioProperties properties = new AlluxioProperties();
    properties.merge(file, Source.siteProperty("alluxio-site.properties"));
    return new InstancedConfiguration(properties);
  }

  private UnderFileSystemConfiguration connect(
      InstancedConfiguration conf, Map<String, String> mountProperties) throws IOException {
    mounts.put(1L, FaultyUfs.mount(dir, mountProperties));
    try (OriginFileSystems fileSystems = fileSystems(conf)) {
      fileSystems.get(1);
    }
    return ufs.connections.get(ufs.connections.size() - 1);
  }

  @Test
  void shouldAskForJustOnePieceAtATime() throws IOException {
    PropertyKey chunk = PropertyKey.UNDERFS_OBJECT_STORE_MULTI_RANGE_CHUNK_SIZE;
    assertEquals(PIECE_BYTES, connect(conf(Map.of()), Map.of()).getBytes(chunk));
    Map<String, String> given = Map.of(chunk.getName(), "64MB");
    assertEquals(
        PIECE_BYTES,
        connect(conf(given), given).getBytes(chunk),
        "whatever is set for stock reads");
  }

  private UnderFileSystemConfiguration connectForParts(String type) throws IOException {
    ufs.objectStoreType = type;
    mounts.put(1L, FaultyUfs.mount(dir, Map.of()));
    try (OriginFileSystems fileSystems = fileSystems(conf(Map.of()))) {
      fileSystems.forParts(1, PART_BYTES);
      assertSame(fileSystems.forParts(1, PART_BYTES), fileSystems.forParts(1, PART_BYTES));
    }
    assertEquals(ufs.connections.size(), ufs.connectionsClosed.get());
    return ufs.connections.get(ufs.connections.size() - 1);
  }

  @Test
  void shouldAskForJustAPartOfAPiece() throws IOException {
    PropertyKey chunk = PropertyKey.UNDERFS_OBJECT_STORE_MULTI_RANGE_CHUNK_SIZE;
    assertEquals(PART_BYTES, connectForParts("oss").getBytes(chunk));
    assertEquals(2, ufs.connections.size());
  }

  /** Files are read in any parts; S3 is always asked for all that follows. */
  @Test
  void shouldHaveOneConnectionWhereChunksMeanNothing() throws IOException {
    connectForParts("");
    assertEquals(1, ufs.connections.size());
    connectForParts("s3");
    assertEquals(2, ufs.connections.size());
  }

  @Test
  void shouldKnowWhetherPartsCostMoreThanThePiece() throws IOException {
    mounts.put(1L, FaultyUfs.mount(dir, Map.of()));
    mounts.put(2L, FaultyUfs.mount(dir, Map.of()));
    try (OriginFileSystems fileSystems = fileSystems(conf(Map.of()))) {
      assertTrue(fileSystems.readsParts(1), "not known yet");
      fileSystems.get(1);
      assertTrue(fileSystems.readsParts(1));
      ufs.objectStoreType = "s3";
      fileSystems.get(2);
      assertFalse(fileSystems.readsParts(2));
    }
  }

  @Test
  void shouldHaveAConnectionForEachStream() throws IOException {
    PropertyKey most = PropertyKey.UNDERFS_S3_THREADS_MAX;
    assertTrue(connect(conf(Map.of()), Map.of()).getInt(most) >= STREAMS * 5 / 4);
    assertEquals(
        50,
        connect(conf(Map.of(most.getName(), "50")), Map.of()).getInt(most),
        "what is set stays");
  }

  @Test
  void shouldLeaveRetriesToTheEngine() throws IOException {
    UnderFileSystemConfiguration conf = connect(conf(Map.of()), Map.of());
    assertEquals(0, conf.getInt(PropertyKey.UNDERFS_OSS_RETRY_MAX));
    assertEquals(0, conf.getInt(PropertyKey.UNDERFS_EVENTUAL_CONSISTENCY_RETRY_MAX_NUM));
    assertEquals(10_000, conf.getMs(PropertyKey.UNDERFS_OSS_SOCKET_TIMEOUT));
  }

  @Test
  void shouldKeepWhatTheOperatorSetForTheSiteOrTheMount() throws IOException {
    String retries = PropertyKey.UNDERFS_OSS_RETRY_MAX.getName();
    String timeout = PropertyKey.UNDERFS_OSS_SOCKET_TIMEOUT.getName();
    UnderFileSystemConfiguration conf = connect(conf(Map.of(retries, "5")), Map.of(timeout, "33s"));
    assertEquals(5, conf.getInt(PropertyKey.UNDERFS_OSS_RETRY_MAX));
    assertEquals(33_000, conf.getMs(PropertyKey.UNDERFS_OSS_SOCKET_TIMEOUT));
  }

  @Test
  void shouldPassOnTheMountsOwnProperties() throws IOException {
    UnderFileSystemConfiguration conf =
        connect(conf(Map.of()), Map.of("fs.oss.accessKeyId", "the-key"));
    assertEquals("the-key", conf.getString(PropertyKey.OSS_ACCESS_KEY));
  }

  @Test
  void shouldConnectOncePerMount() throws IOException {
    mounts.put(1L, FaultyUfs.mount(dir.resolve("a"), Map.of()));
    mounts.put(2L, FaultyUfs.mount(dir.resolve("b"), Map.of()));
    try (OriginFileSystems fileSystems = fileSystems(conf(Map.of()))) {
      assertSame(fileSystems.get(1), fileSystems.get(1));
      assertNotSame(fileSystems.get(1), fileSystems.get(2));
      assertEquals(2, ufs.connections.size());
    }
    assertEquals(2, ufs.connectionsClosed.get());
  }

  @Test
  void shouldKeepOneOfTwoConnectionsMadeAtOnce() throws Exception {
    mounts.put(1L, FaultyUfs.mount(dir, Map.of()));
    CyclicBarrier both = new CyclicBarrier(2);
    OriginFileSystems fileSystems =
        new OriginFileSystems(
            id -> {
              awaitBoth(both);
              return mounts.get(id);
            },
            conf(Map.of()),
            PIECE_BYTES,
            STREAMS);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<UnderFileSystem> theirs = other.submit(() -> fileSystems.get(1));
      assertSame(fileSystems.get(1), theirs.get(10, TimeUnit.SECONDS));
    } finally {
      other.shutdownNow();
    }
    assertEquals(2, ufs.connections.size());
    assertEquals(1, ufs.connectionsClosed.get(), "the surplus one");
    fileSystems.close();
    assertEquals(2, ufs.connectionsClosed.get());
  }

  private static void awaitBoth(CyclicBarrier both) throws IOException {
    try {
      both.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Test
  void shouldNameAMountThatTheMasterDoesNotKnow() {
    OriginFileSystems fileSystems = fileSystems(conf(Map.of()));
    IOException failure = assertThrows(IOException.class, () -> fileSystems.get(99));
    assertTrue(failure.getMessage().contains("mount point with id 99"), failure::getMessage);
  }
}
