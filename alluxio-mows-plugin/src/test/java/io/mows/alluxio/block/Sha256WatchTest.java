// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.origin.OriginFiles.OriginFile;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Sha256WatchTest {
  /** Of "right". */
  private static final String RIGHT =
      "a59ac3f09f98c8ab9f4b1b4e1f5a4b0dd3cbbfc5c5b7a8df6b0e5a9c6bd0a6c1";

  @TempDir private Path dir;
  private final List<FileSpec> files = new ArrayList<>();
  private final Map<String, String> origin = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private RealStore store;
  private AlluxioLocalStore space;
  private Sha256Watch watch;
  private boolean isIdle = true;
  private int rests;

  @BeforeEach
  void open() {
    store = new RealStore(dir, 10_000);
    space = new AlluxioLocalStore(store.store());
    watch =
        new Sha256Watch(
            space,
            new OriginSha256s(this::read, new PathPrefixes(List.of("/m"))),
            () -> files,
            () -> isIdle,
            ns -> rests++);
  }

  @AfterEach
  void close() throws IOException {
    watch.close();
    space.close();
    store.close();
  }

  private Optional<OriginFile> read(OriginRef file, int levels, String name, int maxBytes) {
    String directory = file.path();
    for (int i = 0; i <= levels; i++) {
      directory = directory.substring(0, Math.max(0, directory.lastIndexOf('/')));
    }
    String path = directory + "/" + name;
    asked.add(path);
    return Optional.ofNullable(origin.get(path))
        .map(text -> new OriginFile(path, text.length(), text.getBytes(StandardCharsets.UTF_8)));
  }

  private FileSpec file(int number, String path, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    store.put(Ids.block(number, 0), bytes);
    FileSpec file =
        new FileSpec(
            Ids.file(number),
            path,
            new FileLayout(bytes.length, bytes.length, 4096),
            List.of(Ids.block(number, 0)),
            new OriginRef(1, path, "", 0));
    files.add(file);
    return file;
  }

  private static String sum(String content) throws Exception {
    return io.mows.alluxio.manifest.Sha256Sums.hex(
        java.security.MessageDigest.getInstance("SHA-256")
            .digest(content.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void shouldFindTheFileThatIsNotWhatSha256sumSays() throws Exception {
    FileSpec right = file(1, "/m/llama/right.bin", "right");
    FileSpec wrong = file(2, "/m/llama/wrong.bin", "wrong");
    FileSpec unnamed = file(3, "/m/llama/unnamed.bin", "unnamed");
    origin.put("/m/llama/SHA256SUMS", sum("right") + "  right.bin\n" + RIGHT + " *./wrong.bin\n");
    watch.step();
    assertEquals(Optional.empty(), watch.fault(right));
    assertEquals(Optional.empty(), watch.fault(unnamed));
    String fault = watch.fault(wrong).orElseThrow();
    assertTrue(fault.contains(sum("wrong")), fault);
    assertTrue(fault.contains(RIGHT + " in /m/llama/SHA256SUMS"), fault);
    assertTrue(rests >= 2, "it rests after each part");
    int before = asked.size();
    watch.step();
    assertEquals(before, asked.size(), "each file is looked at once");
  }

  @Test
  void shouldWaitWhileSomethingIsBeingFetched() throws Exception {
    FileSpec wrong = file(1, "/m/wrong.bin", "wrong");
    origin.put("/m/SHA256SUMS", RIGHT + "  wrong.bin\n");
    isIdle = false;
    watch.step();
    assertEquals(List.of(), asked);
    isIdle = true;
    watch.step();
    assertTrue(watch.fault(wrong).isPresent());
  }

  @Test
  void shouldAskOnceForADirectoryAndNotAboutEachSmallFile() throws Exception {
    for (int i = 1; i <= 20; i++) {
      file(i, "/m/llama/" + i + ".json", "{}");
    }
    watch.step();
    assertEquals(List.of("/m/llama/SHA256SUMS", "/m/SHA256SUMS"), asked);
  }

  @Test
  void shouldNameTheBrokenFileAmongTheOthers() throws Exception {
    FileSpec wrong = file(1, "/m/any.txt", "wrong");
    origin.put("/m/SHA256SUMS", RIGHT + "  any.txt\n");
    watch.step();
    BrokenWeights broken = new BrokenWeights(space, watch::fault);
    assertEquals(watch.fault(wrong).orElseThrow(), broken.among(files).get("/m/any.txt"));
    assertEquals(watch.fault(wrong), broken.fault(wrong));
  }
}
