// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.verify;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.mows.alluxio.cli.cluster.ModelStore;
import io.mows.alluxio.cli.cluster.ModelStore.StoredFile;
import io.mows.alluxio.cli.output.ProgressLine;
import io.mows.alluxio.model.WeightStructure;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;

/** Reads several files at once, each of them whole. */
final class FileCrc32s {
  private static final int THREADS = 4;
  private static final int BUFFER_BYTES = 1 << 20;

  private FileCrc32s() {}

  /** Returns the outcomes in the order of {@code files}; never fails. */
  static Map<StoredFile, Outcome> read(
      ModelStore store, List<StoredFile> files, ProgressLine progress) {
    return read(store, files, Set.of(), progress);
  }

  /**
   * As the other one.
   *
   * @param hashed the paths of those whose SHA-256 is wanted, too
   */
  static Map<StoredFile, Outcome> read(
      ModelStore store, List<StoredFile> files, Set<String> hashed, ProgressLine progress) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      Map<StoredFile, Future<Outcome>> reads = new LinkedHashMap<>();
      files.forEach(
          file -> reads.put(file, threads.submit(() -> read(store, file, hashed, progress))));
      Map<StoredFile, Outcome> outcomes = new LinkedHashMap<>();
      reads.forEach((file, read) -> outcomes.put(file, await(read)));
      return outcomes;
    } finally {
      threads.shutdownNow();
      progress.end();
    }
  }

  private static Outcome read(
      ModelStore store, StoredFile file, Set<String> hashed, ProgressLine progress)
      throws IOException {
    Hasher sha256 = hashed.contains(file.path()) ? Hashing.sha256().newHasher() : null;
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[BUFFER_BYTES];
    long bytes = 0;
    Head head = new Head(WeightStructure.headBytes(file.path(), file.lengthBytes()));
    try (InputStream in = store.open(file.path())) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        crc.update(buffer, 0, count);
        head.add(buffer, count);
        if (sha256 != null) {
          sha256.putBytes(buffer, 0, count);
        }
        progress.add(count);
        bytes += count;
      }
    }
    if (bytes != file.lengthBytes()) {
      throw new IOException(bytes + " bytes came instead of " + file.lengthBytes());
    }
    String fault = WeightStructure.fault(file.path(), bytes, head.bytes()).orElse("");
    String hash = sha256 == null ? "" : sha256.hash().toString();
    return new Outcome((int) crc.getValue(), hash, fault, null);
  }

  private static Outcome await(Future<Outcome> read) {
    try {
      return read.get();
    } catch (ExecutionException e) {
      String why = e.getCause().getMessage();
      return new Outcome(0, "", "", why == null ? e.getCause().toString() : why);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome(0, "", "", "interrupted");
    }
  }

  /** The beginning of a file. */
  private static final class Head {
    private final byte[] bytes;
    private int count;

    Head(int headBytes) {
      this.bytes = new byte[headBytes];
    }

    void add(byte[] from, int fromCount) {
      int more = Math.min(fromCount, bytes.length - count);
      System.arraycopy(from, 0, bytes, count, more);
      count += more;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  /** A CRC32, or why there is none. Immutable. */
  static final class Outcome {
    private final int crc32;
    private final String sha256;
    private final String fault;
    private final String failure;

    Outcome(int crc32, String sha256, String fault, String failure) {
      this.crc32 = crc32;
      this.sha256 = sha256;
      this.fault = fault;
      this.failure = failure;
    }

    /** Why it cannot be what its name says, see {@link WeightStructure}; empty if it can. */
    String fault() {
      return fault;
    }

    /** 64 lower-case digits; empty if it was not wanted. */
    String sha256() {
      return sha256;
    }

    int crc32() {
      return crc32;
    }

    /** Null if the file was read. */
    String failure() {
      return failure;
    }
  }
}
