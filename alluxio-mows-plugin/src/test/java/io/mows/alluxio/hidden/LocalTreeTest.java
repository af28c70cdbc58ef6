// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.hidden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalTreeTest {
  private static final int ALL = 1_000;

  @TempDir private Path nas;

  @BeforeEach
  void makeAModel() throws IOException {
    Files.createDirectory(nas.resolve("llama"));
    Files.writeString(nas.resolve("llama/1.safetensors"), "1");
  }

  @Test
  void shouldSayNothingOfPlainFiles() throws IOException {
    assertEquals(List.of(), LocalTree.look(nas, ALL).found());
  }

  @Test
  void shouldNameALinkToNothing() throws IOException {
    Files.createSymbolicLink(nas.resolve("llama/2.safetensors"), Path.of("gone"));
    List<HiddenFile> hidden = LocalTree.look(nas, ALL).found();
    assertEquals(1, hidden.size(), hidden::toString);
    assertEquals("llama/2.safetensors", hidden.get(0).path());
    assertTrue(hidden.get(0).isMissing());
    assertTrue(hidden.get(0).reason().contains("a link to gone, which does not exist"));
    assertTrue(hidden.get(0).reason().contains("skip.broken.symlinks=true"));
  }

  @Test
  void shouldNameWhatAnUnfinishedDownloadHasLeftOut() throws IOException {
    Path model = nas.resolve("llama");
    Files.writeString(model.resolve("model-00001-of-00003.safetensors"), "1");
    Files.createSymbolicLink(model.resolve("model-00002-of-00003.safetensors"), Path.of("gone"));
    Files.createFile(model.resolve("adapter.safetensors"));
    List<HiddenFile> hidden = LocalTree.look(nas, ALL).found();
    assertEquals(3, hidden.size(), hidden::toString);
    assertTrue(hidden.get(0).reason().contains("a link to gone"), "said once: " + hidden);
    assertTrue(hidden.get(1).toString().startsWith("llama/adapter.safetensors: it is empty"));
    assertTrue(
        hidden.get(2).toString().startsWith("llama/model-00003-of-00003.safetensors: it is not"));
  }

  @Test
  void shouldNameWhatIsNotUtf8() throws Exception {
    Process touch =
        new ProcessBuilder("bash", "-c", "touch $'2\\xff.safetensors' 'why?'")
            .directory(nas.resolve("llama").toFile())
            .start();
    assertEquals(0, touch.waitFor());
    List<HiddenFile> hidden = LocalTree.look(nas, ALL).found();
    assertEquals(2, hidden.size(), hidden::toString);
    assertTrue(hidden.stream().allMatch(HiddenFile::isMissing));
    assertTrue(hidden.stream().anyMatch(file -> file.reason().contains("not UTF-8")));
    assertTrue(hidden.stream().anyMatch(file -> file.reason().contains("'?'")));
  }

  @Test
  void shouldNotWalkInACircle() throws IOException {
    Files.createSymbolicLink(nas.resolve("llama/latest"), Path.of("."));
    List<HiddenFile> hidden = LocalTree.look(nas, ALL).found();
    assertEquals(1, hidden.size(), hidden::toString);
    assertEquals("llama/latest", hidden.get(0).path());
    assertFalse(hidden.get(0).isMissing(), "all there is can be read");
    assertTrue(hidden.get(0).reason().contains("40 levels"));
  }

  @Test
  void shouldCountWhatHuggingFacesCacheHasTwice() throws IOException {
    Path snapshot = Files.createDirectories(nas.resolve("hub/snapshots/abc"));
    Files.createDirectory(nas.resolve("hub/blobs"));
    for (String name : List.of("1", "2")) {
      Files.writeString(nas.resolve("hub/blobs/" + name), name);
      Files.createSymbolicLink(snapshot.resolve(name + ".bin"), Path.of("../../blobs/" + name));
    }
    List<HiddenFile> hidden = LocalTree.look(nas, ALL).found();
    assertEquals(1, hidden.size(), hidden::toString);
    assertFalse(hidden.get(0).isMissing());
    assertTrue(hidden.get(0).reason().startsWith("2 files are links"), hidden::toString);
  }
}
