// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.client.file.URIStatus;
import io.mows.alluxio.fuse.FakeFileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class FileTreeTest {
  private final FakeFileSystem fileSystem = new FakeFileSystem();
  private final List<String> notFollowed = new ArrayList<>();

  private List<String> files(String path) throws Exception {
    return FileTree.files(fileSystem.client(), path, notFollowed::add).stream()
        .map(URIStatus::getPath)
        .collect(Collectors.toList());
  }

  @Test
  void shouldListAllFilesByPath() throws Exception {
    fileSystem.addDirectory("/m");
    fileSystem.addDirectory("/m/sub");
    fileSystem.addDirectory("/m/empty");
    fileSystem.add("/m/b", 2);
    fileSystem.add("/m/sub/a", 1);
    assertEquals(List.of("/m/b", "/m/sub/a"), files("/m"));
    assertEquals(List.of(), notFollowed);
  }

  /** As Alluxio shows {@code latest -> .}, on and on. */
  @Test
  void shouldNotFollowADirectoryIntoItself() throws Exception {
    StringBuilder path = new StringBuilder("/m");
    for (int level = 0; level < 40; level++) {
      fileSystem.addDirectory(path.toString());
      fileSystem.add(path + "/model.bin", 7);
      path.append("/latest");
    }
    assertEquals(List.of("/m/model.bin"), files("/m"));
    assertEquals(List.of("/m/latest"), notFollowed);
    assertTrue(fileSystem.listed.size() < 10, fileSystem.listed::toString);
  }

  @Test
  void shouldNotFollowADirectoryOfDirectoriesIntoItself() throws Exception {
    StringBuilder path = new StringBuilder("/m");
    for (int level = 0; level < 40; level++) {
      fileSystem.addDirectory(path.toString());
      fileSystem.addDirectory(path + "/llama");
      fileSystem.add(path + "/llama/model.bin", 7);
      path.append("/latest");
    }
    assertEquals(List.of("/m/llama/model.bin"), files("/m"));
    assertEquals(List.of("/m/latest"), notFollowed);
  }

  @Test
  void shouldFollowADirectoryOfTheSameName() throws Exception {
    for (String directory : List.of("/m", "/m/m", "/m/m/m")) {
      fileSystem.addDirectory(directory);
    }
    fileSystem.add("/m/m/m/file", 3);
    assertEquals(List.of("/m/m/m/file"), files("/m"));
  }
}
