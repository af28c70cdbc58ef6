// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.hidden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.AlluxioURI;
import alluxio.conf.Configuration;
import alluxio.underfs.UfsStatus;
import alluxio.underfs.UnderFileSystemConfiguration;
import alluxio.underfs.local.LocalUnderFileSystem;
import alluxio.underfs.options.ListOptions;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.manifest.Manifests;
import io.mows.alluxio.origin.OriginFiles.OriginFile;
import io.mows.p2p.fetch.OriginRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HiddenFilesTest {
  private static final long MOUNT = 1;
  private static final long NOW_NS = 0;

  @TempDir private Path origin;
  private boolean isObjectStore;
  private String unlisted = "";
  private boolean down;
  private final Manifests manifests =
      new Manifests(this::read, new PathPrefixes(List.of("/models")), "crc32.txt");
  private final HiddenFiles hidden =
      new HiddenFiles(mount -> new Origin(), Optional.of(manifests), () -> NOW_NS);

  /** A NAS, or what looks like an object store that leaves out a name. */
  private final class Origin extends LocalUnderFileSystem {
    Origin() {
      super(
          new AlluxioURI(origin.toString()),
          UnderFileSystemConfiguration.defaults(Configuration.global()));
    }

    @Override
    public String getUnderFSType() {
      return isObjectStore ? "oss" : super.getUnderFSType();
    }

    @Override
    public boolean isObjectStorage() {
      return isObjectStore;
    }

    @Override
    public UfsStatus[] listStatus(String path, ListOptions options) throws IOException {
      return Arrays.stream(super.listStatus(path, options))
          .filter(status -> !status.getName().equals(unlisted))
          .toArray(UfsStatus[]::new);
    }
  }

  private Optional<OriginFile> read(OriginRef file, int levels, String name, int maxBytes)
      throws IOException {
    if (down) {
      throw new IOException("the origin is down");
    }
    Path directory = Path.of(file.path()).getParent();
    for (int i = 0; i < levels; i++) {
      directory = directory.getParent();
    }
    Path found = directory.resolve(name);
    return Files.exists(found)
        ? Optional.of(
            new OriginFile(found.toString(), Files.size(found), Files.readAllBytes(found)))
        : Optional.empty();
  }

  @BeforeEach
  void makeAModel() throws IOException {
    write("llama/a.safetensors", "a");
    write("llama/sub/caf\u00e9.json", "{}");
  }

  @AfterEach
  void close() {
    hidden.close();
    manifests.close();
  }

  private void write(String file, String content) throws IOException {
    Path path = origin.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private List<HiddenFile> below(HiddenFiles files, String directory) throws IOException {
    String path = origin.resolve(directory).toString();
    return files.below(MOUNT, path, "/models/" + directory).stream()
        .filter(HiddenFile::isMissing)
        .collect(Collectors.toList());
  }

  private List<String> paths(String directory) throws IOException {
    return below(hidden, directory).stream().map(HiddenFile::path).collect(Collectors.toList());
  }

  @Test
  void shouldNameWhatAManifestNamesAndIsNotThere() throws IOException {
    write("llama/crc32.txt", "1 a.safetensors\n2 gone.json\n3 SUB/caf\u00e9.json\nno line\n");
    for (boolean objects : new boolean[] {false, true}) {
      isObjectStore = objects;
      List<HiddenFile> missing = below(hidden, "llama");
      assertEquals(2, missing.size(), missing::toString);
      String said = "/models/llama/crc32.txt names it and it is not there";
      assertTrue(
          missing.get(1).toString().startsWith("/models/llama/gone.json: " + said + ". Remedy: "),
          missing::toString);
      assertTrue(
          missing.get(0).reason().startsWith(said + "; is 'sub/caf\u00e9.json' meant?"),
          missing::toString);
    }
  }

  @Test
  void shouldKnowManifestsAboveAndBelow() throws IOException {
    write("crc32.txt", "1 llama\\b.safetensors\n2 other/c\n");
    write("llama/sub/crc32.txt", "1 d\n");
    assertEquals(List.of("/models/llama/b.safetensors", "/models/llama/sub/d"), paths("llama"));
    assertEquals(List.of("/models/llama/sub/d"), paths("llama/sub"));
  }

  @Test
  void shouldTakeAnotherSpellingOrALinkForTheFile() throws IOException {
    Files.createSymbolicLink(origin.resolve("llama/latest"), Path.of("sub"));
    write("llama/crc32.txt", "1 sub\\cafe\u0301.json\n2 latest/caf\u00e9.json\n3 crc32.txt\n");
    assertEquals(List.of(), paths("llama"));
  }

  @Test
  void shouldNotMissWhatAListingHasLeftOut() throws IOException {
    write("llama/crc32.txt", "1 a.safetensors\n");
    isObjectStore = true;
    unlisted = "a.safetensors";
    assertEquals(List.of(), paths("llama"));
  }

  @Test
  void shouldSayItOnce() throws IOException {
    write("llama/x-1-of-2.bin", "x");
    write("llama/crc32.txt", "1 x-1-of-2.bin\n2 x-2-of-2.bin\n");
    assertEquals(List.of("/models/llama/x-2-of-2.bin"), paths("llama"));
  }

  @Test
  void shouldSayNothingWhereManifestsDoNotCountOrCannotBeRead() throws IOException {
    write("llama/crc32.txt", "1 gone.json\n");
    try (HiddenFiles without =
        new HiddenFiles(mount -> new Origin(), Optional.empty(), () -> NOW_NS)) {
      assertEquals(List.of(), below(without, "llama"));
    }
    down = true;
    write("llama/y-1-of-2.bin", "y");
    assertEquals(List.of("/models/llama/y-2-of-2.bin"), paths("llama"));
  }

  @Test
  void shouldNotNameThousands() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      lines.append("1 gone-").append(i).append('\n');
    }
    write("llama/crc32.txt", lines.toString());
    assertEquals(20, paths("llama").size());
  }
}
