// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.conf.Configuration;
import alluxio.conf.PropertyKey;
import alluxio.underfs.UfsFileStatus;
import alluxio.underfs.UfsStatus;
import alluxio.underfs.UnderFileSystem;
import alluxio.underfs.UnderFileSystemConfiguration;
import alluxio.underfs.options.OpenOptions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The origin against Alluxio's own OSS under file system. */
class AlluxioOssTest {
  private static final long SEED = 9;
  private static final String MODEL = "oss://models/llama/model.bin";

  @TempDir Path dir;
  private final byte[] content = new byte[9_000_000];
  private TestOrigin origin;
  private UnderFileSystem ufs;

  @BeforeEach
  void start() throws IOException {
    new Random(SEED).nextBytes(content);
    Files.createDirectories(dir.resolve("llama/sub dir"));
    Files.write(dir.resolve("llama/model.bin"), content);
    Files.writeString(dir.resolve("llama/sub dir/\u8bf4\u660e.txt"), "text");
    origin = TestOrigin.builder().bucket("models", dir).start();
    ufs = underFileSystem(Map.of());
  }

  @AfterEach
  void stop() {
    // Not closed: without STS, close() of Alluxio 2.9.6 fails on a provider it never made.
    origin.close();
  }

  @Test
  void shouldListDirectories() throws IOException {
    assertEquals(List.of("llama"), names(ufs.listStatus("oss://models/")));
    assertEquals(List.of("model.bin", "sub dir"), names(ufs.listStatus("oss://models/llama")));
    assertEquals(List.of("\u8bf4\u660e.txt"), names(ufs.listStatus("oss://models/llama/sub dir")));
    assertTrue(ufs.isDirectory("oss://models/llama"));
    assertTrue(ufs.isDirectory("oss://models/llama/sub dir"));
    assertFalse(ufs.isDirectory("oss://models/nothing"));
  }

  @Test
  void shouldDescribeAFile() throws IOException {
    UfsFileStatus status = ufs.getFileStatus(MODEL);
    assertEquals(content.length, status.getContentLength());
    assertEquals(
        Files.getLastModifiedTime(dir.resolve("llama/model.bin")).toMillis() / 1000,
        status.getLastModifiedTime() / 1000);
    assertThrows(
        FileNotFoundException.class, () -> ufs.getFileStatus("oss://models/llama/nothing"));
  }

  @Test
  void shouldSeeThatAFileWasReplaced() throws IOException {
    String before = ufs.getFileStatus(MODEL).getContentHash();
    content[0]++;
    Files.write(dir.resolve("llama/model.bin"), content);
    assertFalse(before.equals(ufs.getFileStatus(MODEL).getContentHash()));
  }

  @Test
  void shouldReadFromAnOffset() throws IOException {
    try (InputStream in = ufs.open(MODEL, OpenOptions.defaults().setOffset(8_000_001))) {
      assertArrayEquals(Arrays.copyOfRange(content, 8_000_001, content.length), in.readAllBytes());
    }
    assertEquals(content.length - 8_000_001, origin.stats().object("llama/model.bin").bytesSent());
  }

  @Test
  void shouldReadAWholeFile() throws IOException {
    try (InputStream in = ufs.open(MODEL)) {
      assertArrayEquals(content, in.readAllBytes());
    }
  }

  @Test
  void shouldRefuseAWrongKey() throws IOException {
    UnderFileSystem wrong = underFileSystem(Map.of("fs.oss.accessKeySecret", "guess"));
    IOException error = assertThrows(IOException.class, () -> wrong.open(MODEL));
    assertTrue(error.getMessage().contains("403"), error.getMessage());
    // Alluxio logs a refused listing and then treats it as a directory that does not exist.
    assertNull(wrong.listStatus("oss://models/llama"));
    assertEquals(0, origin.stats().requests(RequestKind.LIST));
    assertEquals(0, origin.stats().requests(RequestKind.HEAD));
  }

  @Test
  void shouldNotWrite() throws IOException {
    assertFalse(ufs.deleteFile(MODEL));
    assertTrue(Files.exists(dir.resolve("llama/model.bin")));
  }

  private UnderFileSystem underFileSystem(Map<String, String> overrides) {
    Map<String, Object> properties = new HashMap<>(origin.alluxioProperties());
    properties.putAll(overrides);
    UnderFileSystemConfiguration conf =
        UnderFileSystemConfiguration.defaults(Configuration.global())
            .createMountSpecificConf(properties);
    assertEquals(origin.endpoint().toString(), conf.getString(PropertyKey.OSS_ENDPOINT_KEY));
    return UnderFileSystem.Factory.create("oss://models/", conf);
  }

  private static List<String> names(UfsStatus[] statuses) {
    return Arrays.stream(statuses).map(UfsStatus::getName).sorted().collect(Collectors.toList());
  }
}
