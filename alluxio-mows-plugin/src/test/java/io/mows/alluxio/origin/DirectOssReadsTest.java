// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.AlluxioURI;
import alluxio.conf.AlluxioProperties;
import alluxio.conf.InstancedConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.underfs.UnderFileSystemConfiguration;
import alluxio.underfs.options.OpenOptions;
import alluxio.underfs.oss.OSSUnderFileSystem;
import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClient;
import com.aliyun.oss.OSSException;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import com.aliyun.oss.common.comm.ResponseMessage;
import com.aliyun.oss.model.GetObjectRequest;
import com.aliyun.oss.model.OSSObject;
import com.aliyun.oss.model.ObjectMetadata;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.piece.FileLayout;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.Test;

final class DirectOssReadsTest {
  /** More than Alluxio's stream buffers. */
  private static final byte[] BYTES = "the weights of a model".repeat(1_000).getBytes(US_ASCII);

  private final FakeClient client = new FakeClient();
  private final OSSUnderFileSystem oss = new FakeOss(client);

  @Test
  void shouldReadTheBodyPastTheChecksum() throws Exception {
    DirectOssReads.install(oss);

    assertArrayEquals(BYTES, open().readAllBytes());
    assertEquals(0, client.checksum.getValue(), "what the checksum has seen");
    assertFalse(client.getClientConfiguration().isCrcCheckEnabled());
  }

  @Test
  void shouldEndAReadThatIsCompleteByClosingIt() throws Exception {
    DirectOssReads.install(oss);

    InputStream in = open();
    assertEquals(BYTES[0], in.read());
    assertEquals(3, in.read(new byte[3]));
    in.readNBytes(BYTES.length);
    in.close();

    assertTrue(client.isClosed);
    assertFalse(client.isCut);
  }

  @Test
  void shouldCutTheConnectionOfAReadThatIsGivenUp() throws Exception {
    DirectOssReads.install(oss);

    InputStream in = open();
    assertEquals(BYTES[0], in.read());
    in.close();

    assertTrue(client.isCut);
    assertFalse(client.isClosed, "closing reads all that is left");
  }

  @Test
  void shouldPassOnWhyAReadFailed() {
    client.failure = new OSSException("no", "AccessDenied", "1", "host", null, null, "GET");
    DirectOssReads.install(oss);

    IOException refused = assertThrows(IOException.class, () -> open().read());

    assertInstanceOf(OSSException.class, refused.getCause());
  }

  private static FileSpec file(int lengthBytes, String tag) {
    return new FileSpec(
        1,
        "/models/model",
        new FileLayout(lengthBytes, lengthBytes, lengthBytes),
        List.of(1L),
        new OriginRef(1, "oss://bucket/model", tag, 0));
  }

  private byte[] readAs(FileSpec file) throws IOException {
    return KnownObject.during(file, () -> open().readAllBytes());
  }

  @Test
  void shouldNotAskForTheLengthThatIsKnown() throws Exception {
    DirectOssReads.install(oss);
    assertArrayEquals(BYTES, readAs(file(BYTES.length, "A:1")));
    assertEquals(0, client.questions);
    assertArrayEquals(BYTES, readAs(file(BYTES.length, "")), "a tag that nobody knows");
    open().close();
    assertEquals(1, client.questions, "who knows nothing asks");
  }

  /** OSS sends all of an object that is shorter than the range. */
  @Test
  void shouldRefuseAnotherObject() {
    DirectOssReads.install(oss);
    for (FileSpec file : List.of(file(BYTES.length + 1, "A:1"), file(BYTES.length, "B"))) {
      client.isCut = false;
      RuntimeException refused = assertThrows(RuntimeException.class, () -> readAs(file));
      assertTrue(refused.getMessage().contains("another object"), refused::getMessage);
      assertTrue(client.isCut);
    }
  }

  private InputStream open() throws IOException {
    return oss.open("oss://bucket/model", OpenOptions.defaults());
  }

  /** With a client that talks to nobody. */
  private static final class FakeOss extends OSSUnderFileSystem {
    FakeOss(OSS client) {
      super(
          new AlluxioURI("oss://bucket"),
          client,
          "bucket",
          UnderFileSystemConfiguration.defaults(conf()));
    }

    private static InstancedConfiguration conf() {
      InstancedConfiguration conf = new InstancedConfiguration(new AlluxioProperties());
      conf.set(PropertyKey.UNDERFS_OBJECT_STORE_MULTI_RANGE_CHUNK_SIZE, 1 << 20);
      return conf;
    }
  }

  /** Answers as the real one does: the body, and a checksum around it. */
  private static final class FakeClient extends OSSClient {
    private final CRC32 checksum = new CRC32();
    private RuntimeException failure;
    private boolean isClosed;
    private boolean isCut;
    private int questions;

    FakeClient() {
      super(
          "http://localhost",
          new DefaultCredentialProvider("id", "key"),
          new ClientBuilderConfiguration());
    }

    @Override
    public ObjectMetadata getObjectMetadata(String bucket, String key) {
      questions++;
      ObjectMetadata metadata = new ObjectMetadata();
      metadata.setContentLength(BYTES.length);
      return metadata;
    }

    @Override
    public OSSObject getObject(GetObjectRequest request) {
      if (failure != null) {
        throw failure;
      }
      int start = (int) request.getRange()[0];
      InputStream body = new Body(Arrays.copyOfRange(BYTES, start, BYTES.length));
      ResponseMessage response = new ResponseMessage(null);
      response.setContent(body);
      OSSObject object =
          new OSSObject() {
            @Override
            public void forcedClose() {
              isCut = true;
            }
          };
      object.setObjectContent(new CheckedInputStream(body, checksum));
      object.setResponse(response);
      object.getObjectMetadata().setContentLength(BYTES.length - start);
      object.getObjectMetadata().setHeader("ETag", "A_1");
      return object;
    }

    private final class Body extends FilterInputStream {
      Body(byte[] bytes) {
        super(new ByteArrayInputStream(bytes));
      }

      @Override
      public void close() {
        isClosed = true;
      }
    }
  }
}
