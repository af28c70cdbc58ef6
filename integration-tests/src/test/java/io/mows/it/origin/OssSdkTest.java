// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.OSSException;
import com.aliyun.oss.model.GetObjectRequest;
import com.aliyun.oss.model.ListObjectsRequest;
import com.aliyun.oss.model.OSSObject;
import com.aliyun.oss.model.OSSObjectSummary;
import com.aliyun.oss.model.ObjectListing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The origin against the SDK that Alluxio ships. */
class OssSdkTest {
  @TempDir Path dir;
  private TestOrigin origin;
  private OSS oss;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(dir.resolve("models"));
    Files.createDirectories(dir.resolve("other"));
    Files.writeString(dir.resolve("models/hello.txt"), "hello from models");
    Files.writeString(dir.resolve("other/hello.txt"), "hello from other");
    origin =
        TestOrigin.builder()
            .bucket("models", dir.resolve("models"))
            .bucket("other", dir.resolve("other"))
            .start();
    oss = client("test", "test-secret", new ClientBuilderConfiguration());
  }

  @AfterEach
  void stop() {
    oss.shutdown();
    origin.close();
  }

  @Test
  void shouldTellBucketsApartWhenTheUrlDoesNotNameThem() throws IOException {
    assertEquals("hello from models", read(oss, "models", "hello.txt"));
    assertEquals("hello from other", read(oss, "other", "hello.txt"));
  }

  @Test
  void shouldServePathAddressing() throws IOException {
    ClientBuilderConfiguration pathStyle = new ClientBuilderConfiguration();
    pathStyle.setSLDEnabled(true);
    OSS client = client("test", "test-secret", pathStyle);
    assertEquals("hello from other", read(client, "other", "hello.txt"));
    client.shutdown();
  }

  @Test
  void shouldServeVirtualHostAddressing() throws IOException {
    ClientBuilderConfiguration virtualHost = new ClientBuilderConfiguration();
    virtualHost.setSupportCname(false);
    // As a proxy the origin gets requests for any host name.
    virtualHost.setProxyHost("127.0.0.1");
    virtualHost.setProxyPort(origin.port());
    OSS client =
        new OSSClientBuilder().build("http://oss.example.com", "test", "test-secret", virtualHost);
    assertEquals("hello from other", read(client, "other", "hello.txt"));
    assertEquals(1, client.listObjects("models").getObjectSummaries().size());
    client.shutdown();
  }

  @Test
  void shouldReadRanges() throws IOException {
    GetObjectRequest request = new GetObjectRequest("models", "hello.txt");
    request.setRange(6, 9);
    try (OSSObject object = oss.getObject(request)) {
      assertEquals("from", text(object));
      assertEquals(4, object.getObjectMetadata().getContentLength());
    }
  }

  @Test
  void shouldServeTheWholeObjectForARangeBeyondTheEndAsOssDoes() throws IOException {
    GetObjectRequest request = new GetObjectRequest("models", "hello.txt");
    request.setRange(6, 1000);
    try (OSSObject object = oss.getObject(request)) {
      assertEquals("hello from models", text(object));
    }
  }

  @Test
  void shouldDescribeObjectsAndBuckets() {
    assertEquals(17, oss.getObjectMetadata("models", "hello.txt").getContentLength());
    assertEquals(17, oss.getSimplifiedObjectMeta("models", "hello.txt").getSize());
    assertTrue(oss.doesObjectExist("models", "hello.txt"));
    assertFalse(oss.doesObjectExist("models", "bye.txt"));
    assertEquals("models", oss.getBucketInfo("models").getBucket().getName());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space.txt",
        "100%.txt",
        "100%25.txt",
        "a+b&c=d.txt",
        "semi;colon,?query#hash.txt",
        "dir with space/\u6a21\u578b \ud83d\ude00.bin",
        "quote'\"<>.txt",
        "back\\slash",
        "models/hello.txt"
      })
  void shouldServeAnyKey(String key) throws IOException {
    Path file = dir.resolve("models").resolve(key);
    Files.createDirectories(file.getParent());
    Files.writeString(file, key);

    assertEquals(key, read(oss, "models", key));
    assertEquals(
        key.getBytes(StandardCharsets.UTF_8).length,
        oss.getObjectMetadata("models", key).getContentLength());
    List<String> listed =
        oss.listObjects("models", key).getObjectSummaries().stream()
            .map(OSSObjectSummary::getKey)
            .collect(Collectors.toList());
    assertEquals(List.of(key), listed);
  }

  @Test
  void shouldPageThrough2500Keys() throws IOException {
    List<String> expected = new ArrayList<>();
    for (int i : IntStream.range(0, 2500).toArray()) {
      String key = String.format("many/part %04d", i);
      Path file = dir.resolve("models").resolve(key);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
      expected.add(key);
    }
    List<String> keys = new ArrayList<>();
    int pages = 0;
    ListObjectsRequest request = new ListObjectsRequest("models").withPrefix("many/");
    request.setMaxKeys(1000);
    ObjectListing page;
    do {
      page = oss.listObjects(request);
      page.getObjectSummaries().forEach(summary -> keys.add(summary.getKey()));
      request.setMarker(page.getNextMarker());
      pages++;
    } while (page.isTruncated());
    assertEquals(expected, keys);
    assertEquals(3, pages);
    assertEquals(3, origin.stats().requests(RequestKind.LIST));
  }

  @Test
  void shouldFoldDirectories() throws IOException {
    Files.createDirectories(dir.resolve("models/a dir"));
    Files.writeString(dir.resolve("models/a dir/x"), "x");
    ListObjectsRequest request = new ListObjectsRequest("models");
    request.setDelimiter("/");
    ObjectListing listing = oss.listObjects(request);
    assertEquals(List.of("a dir/"), listing.getCommonPrefixes());
    OSSObjectSummary hello = listing.getObjectSummaries().get(0);
    assertEquals("hello.txt", hello.getKey());
    assertEquals(17, hello.getSize());
    assertEquals(oss.getObjectMetadata("models", "hello.txt").getETag(), hello.getETag());
  }

  @Test
  void shouldRefuseAWrongKey() {
    OSS wrongId = client("nobody", "test-secret", new ClientBuilderConfiguration());
    OSS wrongSecret = client("test", "guess", new ClientBuilderConfiguration());
    assertEquals("InvalidAccessKeyId", errorCode(() -> wrongId.listObjects("models")));
    assertEquals("SignatureDoesNotMatch", errorCode(() -> wrongSecret.listObjects("models")));
    assertEquals(
        "SignatureDoesNotMatch", errorCode(() -> wrongSecret.getObject("models", "hello.txt")));
    wrongId.shutdown();
    wrongSecret.shutdown();
  }

  @Test
  void shouldReportWhatDoesNotExist() {
    assertEquals("NoSuchKey", errorCode(() -> oss.getObject("models", "bye.txt")));
    assertEquals("NoSuchKey", errorCode(() -> oss.getObjectMetadata("models", "bye.txt")));
  }

  @Test
  void shouldRefuseToWriteAndGoOnServing() throws IOException {
    byte[] data = new byte[200_000];
    assertEquals(
        "AccessDenied",
        errorCode(() -> oss.putObject("models", "new", new ByteArrayInputStream(data))));
    assertEquals("AccessDenied", errorCode(() -> oss.deleteObject("models", "hello.txt")));
    assertEquals("hello from models", read(oss, "models", "hello.txt"));
    assertFalse(Files.exists(dir.resolve("models/new")));
  }

  private OSS client(String id, String secret, ClientBuilderConfiguration configuration) {
    return new OSSClientBuilder().build(origin.endpoint().toString(), id, secret, configuration);
  }

  private static String read(OSS client, String bucket, String key) throws IOException {
    try (OSSObject object = client.getObject(bucket, key)) {
      return text(object);
    }
  }

  private static String text(OSSObject object) throws IOException {
    return new String(object.getObjectContent().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String errorCode(Runnable call) {
    return assertThrows(OSSException.class, call::run).getErrorCode();
  }
}
