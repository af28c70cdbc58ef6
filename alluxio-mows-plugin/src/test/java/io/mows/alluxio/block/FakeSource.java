// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.Origin;
import io.mows.p2p.fetch.PieceSink;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;

/** An origin whose bytes are computed, and which fails when a test says so. Thread-safe. */
public final class FakeSource implements Origin {
  private static final long NOWHERE = -1;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread fresh = new Thread(task, "fake-source");
            fresh.setDaemon(true);
            return fresh;
          });
  private final List<String> fetched = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> texts = new ConcurrentHashMap<>();
  private volatile Fault fault = offset -> {};
  private final AtomicLong wrongOnceAt = new AtomicLong(NOWHERE);
  private final CountDownLatch goesOn = new CountDownLatch(1);
  private volatile long heldAt = NOWHERE;

  /** Called before every transfer. */
  public interface Fault {
    void at(long offset) throws IOException;
  }

  public void failWith(Fault newFault) {
    fault = newFault;
  }

  /** The next read that begins at {@code offset} gets one wrong bit. */
  public void beWrongOnceAt(long offset) {
    wrongOnceAt.set(offset);
  }

  /** Reads that begin at {@code offset} wait for {@link #letGo}. */
  public void holdAt(long offset) {
    heldAt = offset;
  }

  public void letGo() {
    goesOn.countDown();
  }

  private void waitIfHeld(long offset) throws InterruptedIOException {
    try {
      if (offset == heldAt) {
        goesOn.await();
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException("closed while it was held");
    }
  }

  /** From now on the file of this path has these bytes, as far as they go. */
  public void write(String path, String text) {
    texts.put(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] delivered(FileSpec file, long offset, int length) {
    byte[] text = texts.get(file.path());
    byte[] bytes =
        text == null
            ? content(offset, length)
            : Arrays.copyOfRange(text, (int) offset, (int) offset + length);
    if (wrongOnceAt.compareAndSet(offset, NOWHERE)) {
      bytes[5] ^= 4;
    }
    return bytes;
  }

  /** The names of the files that were read, one for each piece, in order. */
  public List<String> fetched() {
    return fetched;
  }

  /** What stands in every file from {@code offset} on. */
  public static byte[] content(long offset, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      long at = offset + i;
      bytes[i] = (byte) (at * 31 + (at >> 8) * 7 + (at >> 16));
    }
    return bytes;
  }

  /** What a right manifest says of a file of this length. */
  public static Expectation expectation(int lengthBytes) {
    CRC32 crc = new CRC32();
    crc.update(content(0, lengthBytes));
    return Expectation.crc32((int) crc.getValue(), "/models/crc32.txt");
  }

  @Override
  public CompletableFuture<Void> fetch(FileSpec file, long offset, int length, PieceSink sink) {
    return submit(
        () -> {
          fetched.add(file.path());
          waitIfHeld(offset);
          fault.at(offset);
          sink.write(0, ByteBuffer.wrap(delivered(file, offset, length)));
        });
  }

  @Override
  public CompletableFuture<Void> confirmVersion(FileSpec file) {
    return submit(() -> {});
  }

  private CompletableFuture<Void> submit(Step step) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    thread.execute(
        () -> {
          try {
            step.run();
            result.complete(null);
          } catch (IOException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private interface Step {
    void run() throws IOException;
  }
}
