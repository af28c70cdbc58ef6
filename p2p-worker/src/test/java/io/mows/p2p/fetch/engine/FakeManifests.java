// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.ManifestSource;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.swarm.origin.OriginFault;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

/** Manifests that say what the test wants, the truth by default. */
final class FakeManifests implements ManifestSource {
  static final String PATH = "/model/crc32.txt";

  private final Map<Long, Expectation> said = new ConcurrentHashMap<>();
  private final AtomicInteger questions = new AtomicInteger();
  private volatile boolean down;
  private volatile OriginFault fault;
  private volatile boolean silent;
  private volatile CompletableFuture<Void> held = CompletableFuture.completedFuture(null);

  /** The CRC32 of version 1 of a file. */
  static int crc32(FileSpec file) {
    CRC32 crc = new CRC32();
    crc.update(new Content(file.fileId(), 1).bytes(0, (int) file.layout().lengthBytes()));
    return (int) crc.getValue();
  }

  void say(FileSpec file, Expectation expectation) {
    said.put(file.fileId(), expectation);
  }

  void sayTheTruth(FileSpec file) {
    said.remove(file.fileId());
  }

  void down(boolean isDown) {
    down = isDown;
  }

  /**
   * @param newFault what keeps the origin from answering; null for nothing
   */
  void refuse(OriginFault newFault) {
    fault = newFault;
  }

  void silent(boolean isSilent) {
    silent = isSilent;
  }

  /** Questions are answered after {@link #release}. */
  void hold() {
    held = new CompletableFuture<>();
  }

  void release() {
    held.complete(null);
  }

  int questions() {
    return questions.get();
  }

  @Override
  public CompletableFuture<Expectation> expected(FileSpec file) {
    questions.incrementAndGet();
    if (silent) {
      return new CompletableFuture<>();
    }
    if (fault != null) {
      return CompletableFuture.failedFuture(new OriginException(fault, "so it says", null));
    }
    return down
        ? CompletableFuture.failedFuture(new IOException("the origin is down"))
        : held.thenApply(
            now -> said.getOrDefault(file.fileId(), Expectation.crc32(crc32(file), PATH)));
  }
}
