// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aliyun.oss.OSS;
import io.mows.it.model.CrcManifest;
import io.mows.it.model.SyntheticModel;
import io.mows.it.origin.Fault;
import io.mows.it.origin.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlainDownloadTest {
  private static final int MODEL_BYTES = 20 << 20;

  @TempDir Path dir;
  private TestOrigin origin;
  private OSS client;

  @BeforeEach
  void start() throws IOException {
    System.out.println("seed 9");
    SyntheticModel.write(dir.resolve("bucket/model"), MODEL_BYTES, 2, 9);
    Files.createDirectories(dir.resolve("bucket/model-of-another-name"));
    Files.writeString(dir.resolve("bucket/model-of-another-name/file"), "not asked for");
    origin = TestOrigin.builder().bucket("models", dir.resolve("bucket")).start();
    Map<String, String> site = origin.alluxioProperties();
    client =
        PlainDownload.client(
            site.get("fs.oss.endpoint"),
            site.get("fs.oss.accessKeyId"),
            site.get("fs.oss.accessKeySecret"));
  }

  @AfterEach
  void stop() {
    client.shutdown();
    origin.close();
  }

  @Test
  void shouldReadEveryByteOnceInParallel() throws Exception {
    new PlainDownload(client, "models").run("model", dir.resolve("copy"));
    assertEquals(List.of(), CrcManifest.verify(dir.resolve("copy")));
    assertTrue(origin.stats().bytesSent() < MODEL_BYTES * 1.01);
    assertTrue(origin.stats().peakConnections() > 2, "connections");
  }

  @Test
  void shouldFailWhenAnAnswerEndsEarly() {
    origin.setFaults(List.of(Fault.truncate(1000).onKeys("*.safetensors").times(1)));
    assertThrows(
        IOException.class,
        () -> new PlainDownload(client, "models").run("model", dir.resolve("copy")));
  }
}
