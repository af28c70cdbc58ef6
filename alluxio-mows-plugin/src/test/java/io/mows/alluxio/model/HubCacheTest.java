// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HubCacheTest {
  private static final String MODEL = "/hub/models--a--b/";

  private static List<String> shown(String... files) {
    // What is behind '=' is length and time.
    return HubCache.shownBlobs(
        List.of(files),
        file -> file.substring(0, file.indexOf('=')),
        HubCacheTest::number,
        HubCacheTest::number);
  }

  private static long number(String file) {
    return Long.parseLong(file.substring(file.indexOf('=') + 1));
  }

  @Test
  void shouldFindTheBlobsThatASnapshotShows() {
    assertEquals(
        List.of(MODEL + "blobs/9f=100"),
        shown(
            MODEL + "blobs/9f=100",
            MODEL + "blobs/77=200",
            MODEL + "refs/main=100",
            MODEL + "snapshots/abc/model.safetensors=100",
            MODEL + "snapshots/abc/sub/other.json=300"));
  }

  @Test
  void shouldKeepWhatIsAnotherModelsOrNoCache() {
    assertEquals(
        List.of(),
        shown(
            "/hub/models--c--d/blobs/9f=100",
            MODEL + "snapshots/abc/model.safetensors=100",
            "/m/blobs/1=5",
            "/m/model=5"));
  }
}
