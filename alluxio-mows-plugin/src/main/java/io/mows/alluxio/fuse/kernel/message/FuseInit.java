// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the kernel and we agree on before all else. Thread-safe.
 *
 * <p>Source: struct fuse_init_in and fuse_init_out in linux/fuse.h, process_init_reply in
 * fs/fuse/inode.c.
 */
public final class FuseInit {
  public static final int MAX_PAGES = 256;

  private static final int MAJOR = 7;
  private static final int MINOR = 40;
  private static final int BODY_BYTES = 64;

  /** Before this minor version (Linux 3.15) the kernel takes no more than these. */
  private static final int LONG_BODY_MINOR = 23;

  private static final int SHORT_BODY_BYTES = 24;

  /**
   * How many of the kernel's reads ahead may be under way; it keeps the next ones back, also of
   * what is in memory. Those of readers that have been killed count until their bytes have come.
   */
  private static final int MAX_BACKGROUND = 16_384;

  private static final int MAX_WRITE_BYTES = 4096;

  private static final long ASYNC_READ = 1;
  private static final long READDIRPLUS = 1 << 13;
  private static final long READDIRPLUS_AUTO = 1 << 14;
  private static final long PARALLEL_DIROPS = 1 << 18;
  private static final long MAX_PAGES_FLAG = 1 << 22;
  private static final long MORE_FLAGS = 1 << 30;

  /** So a file that is read past the page cache can be mapped by several (Linux 6.6). */
  private static final long DIRECT_IO_ALLOW_MMAP = 1L << 36;

  private static final long PASSTHROUGH = 1L << 37;

  /**
   * Without FUSE_ASYNC_DIO: who reads past the page cache would wait for all parts of a read at
   * once, but could not be killed until they have come (fuse_direct_IO in fs/fuse/file.c).
   */
  private static final long ALWAYS_WANTED =
      ASYNC_READ
          | READDIRPLUS
          | READDIRPLUS_AUTO
          | PARALLEL_DIROPS
          | MAX_PAGES_FLAG
          | DIRECT_IO_ALLOW_MMAP
          | MORE_FLAGS;

  private final long wanted;
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile long agreed;
  private volatile boolean answered;

  /**
   * @param passthrough whether the kernel is to read files by itself, if it can
   */
  public FuseInit(boolean passthrough) {
    this.wanted = passthrough ? ALWAYS_WANTED | PASSTHROUGH : ALWAYS_WANTED;
  }

  /** Answers INIT, field by field. */
  public void agree(Request request, ByteBuffer out) throws IOException {
    int major = request.intAt(0);
    if (major != MAJOR) {
      throw new IOException("The kernel speaks FUSE " + major + ", we speak " + MAJOR);
    }
    int minor = request.intAt(4);
    int maxReadAhead = request.intAt(8);
    long offered = Integer.toUnsignedLong(request.intAt(12));
    if ((offered & MORE_FLAGS) != 0) {
      offered |= (long) request.intAt(16) << Integer.SIZE;
    }
    agreed = offered & wanted;
    int start = out.position();
    out.putInt(MAJOR).putInt(MINOR).putInt(maxReadAhead).putInt((int) agreed);
    out.putShort((short) MAX_BACKGROUND).putShort((short) (MAX_BACKGROUND * 3 / 4));
    out.putInt(MAX_WRITE_BYTES).putInt(1).putShort((short) MAX_PAGES).putShort((short) 0);
    out.putInt((int) (agreed >>> Integer.SIZE));
    // How many file systems may lie below a file that is passed through: the tmpfs.
    out.putInt(passesThrough() ? 1 : 0);
    while (out.position() < start + BODY_BYTES) {
      out.put((byte) 0);
    }
    if (minor < LONG_BODY_MINOR) {
      out.position(start + SHORT_BODY_BYTES);
    }
    answered = true;
  }

  /** What the kernel was answered has been sent, so it works by it, if we could agree. */
  public void finished() {
    if (answered) {
      finished.countDown();
    }
  }

  /**
   * Waits for {@link #finished}.
   *
   * @return false if it did not come in time
   */
  public boolean await(long timeoutMs) throws InterruptedException {
    return finished.await(timeoutMs, TimeUnit.MILLISECONDS);
  }

  /** Whether the kernel can read files of ours by itself. */
  public boolean passesThrough() {
    return (agreed & PASSTHROUGH) != 0;
  }
}
