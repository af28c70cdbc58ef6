// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.model.GetObjectRequest;
import com.aliyun.oss.model.ListObjectsRequest;
import com.aliyun.oss.model.OSSObject;
import com.aliyun.oss.model.OSSObjectSummary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a node does without Alluxio: it downloads a model from the origin into a directory, by many
 * ranged reads at once. Its own process, since it has to live in the node's network namespace.
 *
 * <p>It downloads a small model, prints {@link #READY}, waits for a line, downloads the model,
 * prints {@link #DONE} and ends. It ends too when its standard input does.
 */
public final class PlainDownload {
  static final String READY = "ready";
  static final String DONE = "done";

  /** Enough for a node's link; all nodes together, more would only fight for the origin's. */
  private static final int CONNECTIONS = 4;

  private static final int RANGE_BYTES = 8 << 20;
  private static final int SOCKET_TIMEOUT_MS = 10_000;
  private static final int MAX_SILENCES = 30;
  private static final int BUFFER_BYTES = 128 << 10;
  private static final int MAX_FILES = 1000;

  private final OSS origin;
  private final String bucket;

  PlainDownload(OSS origin, String bucket) {
    this.origin = origin;
    this.bucket = bucket;
  }

  /**
   * Arguments: the {@code alluxio-site.properties} that names the origin and its key, the small
   * model, the model, and the directory that takes both.
   */
  public static void main(String[] args) throws Exception {
    Properties site = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of(args[0]))) {
      site.load(in);
    }
    OSS origin =
        client(
            site.getProperty("fs.oss.endpoint"),
            site.getProperty("fs.oss.accessKeyId"),
            site.getProperty("fs.oss.accessKeySecret"));
    String bucket = URI.create(site.getProperty("alluxio.master.mount.table.root.ufs")).getHost();
    PlainDownload download = new PlainDownload(origin, bucket);
    Path target = Path.of(args[3]);
    download.run(args[1], target.resolve(args[1]));
    System.out.println(READY);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    if (in.readLine() != null) {
      endWith(in);
      download.run(args[2], target.resolve(args[2]));
      System.out.println(DONE);
    }
    origin.shutdown();
  }

  private static void endWith(Reader in) {
    Thread watch =
        new Thread(
            () -> {
              try {
                in.skip(Long.MAX_VALUE);
              } catch (IOException e) {
                // It has ended.
              }
              Runtime.getRuntime().halt(1);
            },
            "end-with-input");
    watch.setDaemon(true);
    watch.start();
  }

  static OSS client(String endpoint, String keyId, String keySecret) {
    ClientBuilderConfiguration config = new ClientBuilderConfiguration();
    config.setMaxConnections(CONNECTIONS);
    config.setSocketTimeout(SOCKET_TIMEOUT_MS);
    // A plain download does not add up checksums.
    config.setCrcCheckEnabled(false);
    return new OSSClientBuilder().build(endpoint, keyId, keySecret, config);
  }

  /**
   * Downloads all objects below {@code model/} into {@code dir}, which is made.
   *
   * @throws IOException if any byte could not be read or written
   */
  void run(String model, Path dir) throws IOException, InterruptedException {
    Files.createDirectories(dir);
    List<FileChannel> files = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      List<Callable<Void>> ranges = new ArrayList<>();
      for (OSSObjectSummary object : objects(model)) {
        Path path = dir.resolve(object.getKey().substring(model.length() + 1));
        FileChannel file =
            FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        files.add(file);
        for (long at = 0; at < object.getSize(); at += RANGE_BYTES) {
          long from = at;
          long to = Math.min(at + RANGE_BYTES, object.getSize());
          ranges.add(() -> copy(object.getKey(), from, to, file));
        }
      }
      for (Future<Void> range : threads.invokeAll(ranges)) {
        range.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("the download of " + model + " failed", e.getCause());
    } finally {
      threads.shutdownNow();
      for (FileChannel file : files) {
        file.close();
      }
    }
  }

  private List<OSSObjectSummary> objects(String model) {
    ListObjectsRequest request = new ListObjectsRequest(bucket);
    request.setPrefix(model + "/");
    request.setMaxKeys(MAX_FILES);
    return origin.listObjects(request).getObjectSummaries();
  }

  private Void copy(String key, long from, long to, FileChannel file) throws IOException {
    long at = from;
    for (int silences = 0; at < to; silences++) {
      if (silences > MAX_SILENCES) {
        throw new IOException(key + " ended at byte " + at + " instead of " + to);
      }
      at = copySome(key, at, to, file);
    }
    return null;
  }

  /** Copies until all is here or nothing comes any more; returns how far it came. */
  private long copySome(String key, long from, long to, FileChannel file) throws IOException {
    GetObjectRequest request = new GetObjectRequest(bucket, key);
    request.setRange(from, to - 1);
    byte[] buffer = new byte[BUFFER_BYTES];
    long at = from;
    try (OSSObject object = origin.getObject(request);
        InputStream in = object.getObjectContent()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          at += file.write(bytes, at);
        }
      }
    } catch (SocketTimeoutException e) {
      System.err.println(key + " is silent at byte " + at + " and goes on from there");
    }
    return at;
  }
}
