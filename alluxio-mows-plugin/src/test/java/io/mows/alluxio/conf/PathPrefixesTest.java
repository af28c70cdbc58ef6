// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PathPrefixesTest {
  @Test
  void shouldCoverTheDirectoryAndWhatIsBelow() {
    PathPrefixes paths = new PathPrefixes(List.of("/models", "/a/b"));
    assertTrue(paths.covers("/models"));
    assertTrue(paths.covers("/models/llama/1.safetensors"));
    assertTrue(paths.covers("/a/b/c"));
  }

  @Test
  void shouldNotCoverNamesThatOnlyStartAlike() {
    PathPrefixes paths = new PathPrefixes(List.of("/models", "/a/b"));
    assertFalse(paths.covers("/models2/x"));
    assertFalse(paths.covers("/model"));
    assertFalse(paths.covers("/a"));
    assertFalse(paths.covers("/"));
  }

  @Test
  void shouldCoverEverythingFromTheRoot() {
    PathPrefixes paths = new PathPrefixes(List.of("/"));
    assertTrue(paths.covers("/"));
    assertTrue(paths.covers("/x/y"));
  }

  @Test
  void shouldCoverNothingWhenEmpty() {
    assertFalse(new PathPrefixes(List.of()).covers("/"));
  }

  @Test
  void shouldPrintAsTheOperatorWroteIt() {
    assertEquals("/a,/b", new PathPrefixes(List.of("/a", "/b")).toString());
  }
}
