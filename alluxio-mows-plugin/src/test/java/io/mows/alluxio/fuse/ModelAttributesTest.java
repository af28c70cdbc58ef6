// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.exception.FileDoesNotExistException;
import alluxio.exception.status.UnavailableException;
import alluxio.jnifuse.ErrorCodes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Ticker;
import io.mows.alluxio.attributes.Attributes;
import io.mows.alluxio.block.TestCatalog;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.master.KnownPaths;
import io.mows.alluxio.master.RecentPaths;
import io.mows.p2p.fetch.FakeStatus;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.fetch.FileStatus.Proof;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ModelAttributesTest {
  private static final PathPrefixes PATHS = MowsConfs.paths("/models");

  private final AtomicLong nowNs = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private final FakeFileSystem fileSystem = new FakeFileSystem();
  private final RecentPaths paths =
      new RecentPaths(fileSystem.client(), new KnownPaths(PATHS, nowNs::get), 60_000);
  private final Map<String, FileStatus> statuses = new ConcurrentHashMap<>();
  private final ModelAttributes attributes =
      new ModelAttributes(
          paths,
          TestCatalog.withoutMaster(PATHS, 64 << 10),
          PATHS,
          this::status,
          new Ticker() {
            @Override
            public long read() {
              return nowNs.get();
            }
          });

  private FileStatus status(FileSpec file) {
    asked.incrementAndGet();
    return statuses.getOrDefault(file.path(), FakeStatus.cold(file.layout().lengthBytes()));
  }

  @BeforeEach
  void addFiles() {
    for (String directory : List.of("/", "/models", "/models/a", "/models/a/unet", "/models/b")) {
      fileSystem.addDirectory(directory);
    }
    fileSystem.add("/models/a/w1", 100);
    fileSystem.add("/models/a/w2", 20);
    fileSystem.add("/models/a/unet/w", 3);
    fileSystem.add("/models/a/crc32.txt", 1_000);
    fileSystem.add("/models/a/empty", 0);
    fileSystem.add("/models/b/w", 7_000);
    fileSystem.add("/other/w", 7_000);
  }

  @AfterEach
  void end() {
    paths.close();
  }

  private String value(String path, String name) throws Exception {
    return new String(attributes.value(path, name).orElseThrow(), StandardCharsets.UTF_8);
  }

  private JsonNode status(String path) throws Exception {
    return new ObjectMapper().readTree(value(path, "user.mows.status"));
  }

  @Test
  void shouldTellOfAFile() throws Exception {
    statuses.put("/models/a/w1", FakeStatus.whole(100, Proof.PROVEN));
    assertEquals("1", value("/models/a/w1", "user.mows.whole"));
    assertEquals("proven", value("/models/a/w1", "user.mows.proof"));
    assertEquals(1, status("/models/a/w1").get("files").asInt());
    assertEquals("0", value("/models/a/w2", "user.mows.held_bytes"));
    assertEquals(Attributes.names(), attributes.names("/models/a/w1"));
  }

  @Test
  void shouldTellOfADirectoryAllThatLiesBelow() throws Exception {
    statuses.put("/models/a/unet/w", FakeStatus.whole(3, Proof.NONE));
    JsonNode status = status("/models/a");
    assertEquals(3, status.get("files").asInt(), "a manifest and an empty file are not fetched");
    assertEquals(123, status.get("bytes").asInt());
    assertEquals(3, status.get("heldBytes").asInt());
    assertEquals(1, status.get("wholeFiles").asInt());
    assertEquals(4, status("/models").get("files").asInt());
    assertEquals(Attributes.names(), attributes.names("/models"));
  }

  @Test
  void shouldTellNothingOfWhatIsNotAccelerated() throws Exception {
    for (String path : List.of("/", "/other", "/other/w", "/models/a/crc32.txt")) {
      assertEquals(Optional.empty(), attributes.value(path, "user.mows.status"), path);
      assertEquals(List.of(), attributes.names(path), path);
    }
    assertThrows(
        FileDoesNotExistException.class, () -> attributes.names("/models/nothing"), "not there");
  }

  @Test
  void shouldNotAskAnybodyAboutNamesThatAreNotOurs() throws Exception {
    fileSystem.answers = false;
    assertEquals(Optional.empty(), attributes.value("/models/a/w1", "security.capability"));
  }

  /** As cp -a lists them, of a directory that nobody has listed before. */
  @Test
  void shouldListNoNamesOfWhatTheMasterDoesNotTell() throws Exception {
    fileSystem.noAnswer = new UnavailableException("the master does not answer");
    fileSystem.answers = false;
    assertEquals(List.of(), attributes.names("/models/a"));
    assertEquals(List.of(), attributes.names("/models/a/w1"));
    assertThrows(
        UnavailableException.class, () -> attributes.value("/models/a/w1", "user.mows.whole"));
  }

  /** However much lies below: what there is to sum up is not needed for that. */
  @Test
  void shouldListTheNamesOfADirectoryWithoutListingIt() throws Exception {
    attributes.names("/models");
    assertEquals(List.of(), fileSystem.listed);
  }

  @Test
  void shouldListADirectoryOnceInAWhile() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      status("/models/a");
    }
    assertEquals(List.of("/models/a", "/models/a/unet"), fileSystem.listed);
    assertEquals(3, asked.get(), "one look at each file");
    fileSystem.add("/models/a/w3", 1);
    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(3));
    assertEquals(4, status("/models/a").get("files").asInt());
  }

  @Test
  void shouldShowAtOnceHowFarADirectoryIs() throws Exception {
    assertEquals("0", value("/models/a", "user.mows.held_bytes"));
    statuses.put("/models/a/w2", FakeStatus.whole(20, Proof.NONE));
    nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(200));
    assertEquals("20", value("/models/a", "user.mows.held_bytes"));
  }

  @Test
  void shouldSayThatItHasNotLookedAtAllOfATreeThatIsTooLarge() throws Exception {
    for (int i = 0; i < 250; i++) {
      fileSystem.addDirectory("/models/many/" + i);
      fileSystem.add("/models/many/" + i + "/w", 1);
    }
    fileSystem.addDirectory("/models/many");
    JsonNode status = status("/models/many");
    assertTrue(status.get("partial").asBoolean());
    assertEquals(199, status.get("files").asInt(), "of 200 directories");
  }

  @Test
  void shouldSayWhetherTheKernelReadsItByItself() throws Exception {
    assertTrue(!status("/models/a").get("passthrough").asBoolean());
    attributes.setPassthrough(true);
    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertTrue(status("/models/a").get("passthrough").asBoolean());
  }

  @Test
  void shouldAnswerLibfuseAsItAsks() {
    AttributeCalls calls = new AttributeCalls(attributes);
    assertEquals(1, calls.get("/models/a/w1", "user.mows.whole", null));
    assertEquals(1, calls.get("/models/a/w1", "user.mows.whole", ByteBuffer.allocateDirect(0)));
    ByteBuffer room = ByteBuffer.allocateDirect(5);
    assertEquals(4, calls.get("/models/a/w1", "user.mows.proof", room));
    assertEquals('n', room.get(0));
    assertEquals(-ErrorCodes.ENODATA(), calls.get("/models/a/w1", "user.mows.nothing", room));
    assertEquals(-ErrorCodes.ENODATA(), calls.get("/other/w", "user.mows.proof", room));
    assertEquals(-ErrorCodes.ENOENT(), calls.get("/models/x", "user.mows.proof", room));
    assertEquals(-ErrorCodes.ERANGE(), calls.get("/models/a", "user.mows.status", room));
    assertEquals(-ErrorCodes.ERANGE(), calls.list("/models/a", room));
    assertEquals(0, calls.list("/other/w", room));
    assertEquals(
        Attributes.joined(Attributes.names()).length, calls.list("/models/a", null), "the size");
    fileSystem.answers = false;
    assertEquals(-ErrorCodes.EIO(), calls.get("/models/b/w", "user.mows.proof", room));
  }
}
