// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketDirectoryTest {
  @TempDir Path dir;
  private BucketDirectory bucket;

  @BeforeEach
  void createObjects() throws IOException {
    for (String key : List.of("a.txt", "dir/b", "dir/c", "dir/sub/d", "dir-e", "z")) {
      write(key, key);
    }
    Files.createDirectory(dir.resolve("empty"));
    bucket = new BucketDirectory("bucket", dir);
  }

  @Test
  void shouldListInTheOrderOfUtf8Bytes() throws IOException {
    // In UTF-16 order the emoji (a surrogate pair) would come before the half-width letter.
    write("\uff76", "");
    write("\ud83d\ude00", "");
    assertEquals(
        List.of("a.txt", "dir-e", "dir/b", "dir/c", "dir/sub/d", "z", "\uff76", "\ud83d\ude00"),
        keys(bucket.list("", "", "", 100)));
  }

  @Test
  void shouldFoldKeysAtTheDelimiter() throws IOException {
    Listing root = bucket.list("", "/", "", 100);
    assertEquals(List.of("a.txt", "dir-e", "z"), keys(root));
    assertEquals(List.of("dir/"), root.commonPrefixes());
    Listing inside = bucket.list("dir/", "/", "", 100);
    assertEquals(List.of("dir/b", "dir/c"), keys(inside));
    assertEquals(List.of("dir/sub/"), inside.commonPrefixes());
  }

  @Test
  void shouldMatchPrefixesThatAreNoDirectories() throws IOException {
    assertEquals(
        List.of("dir-e", "dir/b", "dir/c", "dir/sub/d"), keys(bucket.list("di", "", "", 100)));
    assertEquals(List.of("dir/sub/d"), keys(bucket.list("dir/s", "", "", 100)));
    assertEquals(List.of(), keys(bucket.list("dir/b/", "", "", 100)));
    assertEquals(List.of(), keys(bucket.list("nothing/here/", "", "", 100)));
    assertEquals(List.of(), keys(bucket.list("../", "", "", 100)));
  }

  @Test
  void shouldPageThroughObjectsAndPrefixesAlike() throws IOException {
    Listing first = bucket.list("", "/", "", 3);
    assertEquals(List.of("a.txt", "dir-e"), keys(first));
    assertEquals(List.of("dir/"), first.commonPrefixes());
    assertEquals("dir/", first.next());
    Listing second = bucket.list("", "/", first.next(), 3);
    assertEquals(List.of("z"), keys(second));
    assertNull(second.next());
    assertNull(bucket.list("", "/", "", 4).next());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir", "dir/", "empty/", "../secret", "dir/../z", "dir//b", "nul\0", "n"})
  void shouldFindNoObjectWhereThereIsNoFile(String key) throws IOException {
    assertTrue(bucket.find(key).isEmpty());
    assertTrue(bucket.open(key).isEmpty());
  }

  @Test
  void shouldGiveAReplacedFileAnotherEtag() throws IOException {
    String before = bucket.find("z").orElseThrow().etag();
    assertEquals(before, bucket.find("z").orElseThrow().etag());
    Path replacement = Files.writeString(dir.resolve("tmp"), "y");
    Files.setLastModifiedTime(replacement, Files.getLastModifiedTime(dir.resolve("z")));
    Files.move(replacement, dir.resolve("z"), StandardCopyOption.REPLACE_EXISTING);
    assertNotEquals(before, bucket.find("z").orElseThrow().etag());
  }

  @Test
  void shouldGoOnReadingTheVersionThatWasOpened() throws IOException {
    try (OpenObject open = bucket.open("z").orElseThrow()) {
      Path replacement = Files.writeString(dir.resolve("tmp"), "y");
      Files.move(replacement, dir.resolve("z"), StandardCopyOption.REPLACE_EXISTING);
      ByteBuffer content = ByteBuffer.allocate(1);
      open.read(content, 0);
      assertEquals('z', content.get(0));
    }
  }

  private void write(String key, String content) throws IOException {
    Path file = dir.resolve(key);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static List<String> keys(Listing listing) {
    return listing.objects().stream().map(StoredObject::key).collect(Collectors.toList());
  }
}
