// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;

/**
 * The memory of a virtual machine, which its host takes away while it is free (free page reporting)
 * and gives again, page by page, to whoever touches it first. That costs up to 3 s a GB here, more
 * than all that is done with the page, and the more the longer nothing was measured; a node that
 * serves models owns its memory. So every bench touches what a run needs right before it, whoever
 * is measured.
 *
 * <p>What is touched and free is taken away again within seconds, and that costs processor time,
 * too. So this holds what it has touched, in a file, and gives of it what others take: a little
 * more than they need is free at any time. Methods may be called by any thread; all is done by one.
 */
public final class HostMemory implements AutoCloseable {
  private static final Path DIRECTORY = Path.of("/dev/shm");

  /** Blocks, the page cache of who reads them, and what the processes take meanwhile. */
  private static final int TIMES = 4;

  private static final int CHUNK_BYTES = 1 << 20;
  private static final long READY_BYTES = 768L << 20;
  private static final long TURN_MS = 50;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(run -> new Thread(run, "bench-memory"));
  private final Future<?> giving;
  private Path dir;
  private FileChannel file;
  private long heldBytes;
  private long leftBytes;

  public HostMemory() {
    giving = thread.scheduleWithFixedDelay(this::give, 0, TURN_MS, TimeUnit.MILLISECONDS);
  }

  /** Touches what so many nodes need that read a model each, for reads of a second or two. */
  public static void touch(int nodes, long modelBytes) throws IOException {
    try (HostMemory memory = new HostMemory()) {
      memory.hold(nodes, modelBytes);
    }
  }

  /**
   * Has as much memory ready, until it is released, as so many nodes need that read a model each;
   * three quarters of what is free at most. Takes seconds.
   */
  public void hold(int nodes, long modelBytes) throws IOException {
    onThread(
        () -> {
          drop();
          fill(Math.min(TIMES * modelBytes * nodes, MachineMemory.freeBytes() / 4 * 3));
        });
  }

  /**
   * Frees what nobody took.
   *
   * @throws IOException if others did not get what they took meanwhile
   */
  public void release() throws IOException {
    onThread(this::drop);
    if (giving.isDone()) {
      onThread(() -> giving.get());
    }
  }

  private void fill(long bytes) throws IOException {
    dir = Files.createTempDirectory(DIRECTORY, "mows-touch");
    if (Host.isRoot()) {
      // Huge pages: small ones come from what lies in pieces and was in use a moment ago.
      Mounts.mountTmpfs(dir, bytes + CHUNK_BYTES);
    }
    file =
        FileChannel.open(
            dir.resolve("memory"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    // Its length first: huge pages are for files that are long enough for one.
    file.write(ByteBuffer.allocate(1), bytes - 1);
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    for (long at = 0; at < bytes; at += CHUNK_BYTES) {
      file.write(chunk.clear().limit((int) Math.min(CHUNK_BYTES, bytes - at)), at);
    }
    heldBytes = bytes;
    leftBytes = MachineMemory.freeBytes();
  }

  private void give() {
    try {
      long missing = heldBytes == 0 ? 0 : leftBytes + READY_BYTES - MachineMemory.freeBytes();
      if (missing > 0) {
        heldBytes = Math.max(0, heldBytes - missing);
        file.truncate(heldBytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Touched memory is not given to what is measured", e);
    }
  }

  private void drop() throws IOException {
    heldBytes = 0;
    if (file != null) {
      file.close();
      file = null;
    }
    if (dir != null) {
      Mounts.unmountBelow(dir);
      FileUtils.deleteDirectory(dir.toFile());
      dir = null;
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  private void onThread(Step step) throws IOException {
    try {
      thread
          .submit(
              () -> {
                step.run();
                return null;
              })
          .get();
    } catch (ExecutionException e) {
      throw new IOException("The machine's memory is not made ready", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the machine's memory is made ready", e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      release();
    } finally {
      thread.shutdown();
    }
  }
}
