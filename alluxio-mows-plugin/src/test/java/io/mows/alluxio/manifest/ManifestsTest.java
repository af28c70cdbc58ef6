// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.origin.OriginFiles.OriginFile;
import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ManifestsTest {
  private final Map<String, String> origin = new HashMap<>();
  private final AtomicInteger reads = new AtomicInteger();
  private boolean down;
  private final Manifests manifests = manifests("/models");

  private Manifests manifests(String prefix) {
    return new Manifests(this::read, new PathPrefixes(List.of(prefix)), "crc32.txt");
  }

  private Optional<OriginFile> read(OriginRef file, int levels, String name, int maxBytes)
      throws IOException {
    reads.incrementAndGet();
    if (down) {
      throw new IOException("the origin is down");
    }
    String path = file.path();
    for (int i = 0; i <= levels; i++) {
      path = path.substring(0, path.lastIndexOf('/'));
    }
    String text = origin.get(path + "/" + name);
    return Optional.ofNullable(text)
        .map(found -> new OriginFile("o", found.length(), found.getBytes(StandardCharsets.UTF_8)));
  }

  @AfterEach
  void close() {
    manifests.close();
  }

  private static FileSpec file(String path) {
    return new FileSpec(
        7,
        path,
        new FileLayout(10, 10, 10),
        List.of(1L),
        new OriginRef(1, "oss://bucket" + path, "", 0));
  }

  private Expectation expected(String path) throws Exception {
    return manifests.expected(file(path)).get();
  }

  @Test
  void shouldTakeTheNearestManifestThatNamesAFile() throws Exception {
    origin.put("oss://bucket/models/crc32.txt", "1 llama/sub/a\n2 llama/b\n");
    origin.put("oss://bucket/models/llama/crc32.txt", "3 sub/a\n");
    assertEquals(Expectation.crc32(3, "/models/llama/crc32.txt"), expected("/models/llama/sub/a"));
    assertEquals(Expectation.crc32(2, "/models/crc32.txt"), expected("/models/llama/b"));
    assertEquals(Expectation.noEntry("/models/llama/crc32.txt"), expected("/models/llama/c"));
  }

  @Test
  void shouldNotLookAboveTheAcceleratedPaths() throws Exception {
    origin.put("oss://bucket/crc32.txt", "1 models/a\n");
    assertEquals(Expectation.noManifest(), expected("/models/a"));
    try (Manifests all = manifests("/")) {
      assertEquals(Expectation.crc32(1, "/crc32.txt"), all.expected(file("/models/a")).get());
    }
  }

  @Test
  void shouldReadAManifestOnceForAllFiles() throws Exception {
    origin.put("oss://bucket/models/llama/crc32.txt", "3 a\n4 b\n");
    expected("/models/llama/a");
    expected("/models/llama/b");
    assertEquals(1, reads.get());
  }

  @Test
  void shouldFailIfTheOriginDoesAndAskAgain() throws Exception {
    origin.put("oss://bucket/models/llama/crc32.txt", "3 a\n");
    down = true;
    assertThrows(ExecutionException.class, () -> expected("/models/llama/a"));
    down = false;
    assertEquals(Expectation.crc32(3, "/models/llama/crc32.txt"), expected("/models/llama/a"));
  }
}
