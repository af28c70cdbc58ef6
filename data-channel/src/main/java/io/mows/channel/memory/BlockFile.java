// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.memory;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file of known length that holds one cached block, usually on tmpfs, read and written at any
 * offset by any number of threads at once.
 *
 * <p>Reads and writes are positional system calls, not a memory mapping. On tmpfs they run within
 * 15 % of a warm mapping and faster than a cold one, a full disk is an {@link IOException} instead
 * of a SIGBUS, and the memory of a deleted block is free the moment the file is closed
 * (docs/adr/0003).
 *
 * <p>One owner opens and closes it; a read or write that races with {@link #close()} fails with
 * {@link ClosedChannelException} and touches no memory of anybody else.
 *
 * <p>The JDK closes a channel under all its users when one of their threads is interrupted. Here
 * only that thread fails, with {@link ClosedByInterruptException}; the file is opened anew for the
 * others.
 */
public final class BlockFile implements AutoCloseable {
  private static final Set<OpenOption> FOR_READ = Set.of(StandardOpenOption.READ);
  private static final Set<OpenOption> FOR_WRITE =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

  private final Path path;
  private final Set<OpenOption> options;
  private final long lengthBytes;
  private final FileChannel forKernel;
  private volatile FileChannel channel;
  private boolean closed;

  private BlockFile(
      Path path,
      Set<OpenOption> options,
      FileChannel channel,
      FileChannel forKernel,
      long lengthBytes) {
    this.path = path;
    this.options = options;
    this.channel = channel;
    this.forKernel = forKernel;
    this.lengthBytes = lengthBytes;
  }

  /** Opens an existing file, complete, for reading. */
  public static BlockFile openForRead(Path path) throws IOException {
    FileChannel forKernel = openForKernel(path);
    try {
      return open(path, FOR_READ, forKernel, forKernel.size());
    } catch (IOException e) {
      forKernel.close();
      throw e;
    }
  }

  /** Opens an existing, possibly empty file that will hold {@code lengthBytes} bytes. */
  public static BlockFile openForWrite(Path path, long lengthBytes) throws IOException {
    FileChannel forKernel = openForKernel(path);
    try {
      return open(path, FOR_WRITE, forKernel, lengthBytes);
    } catch (IOException e) {
      forKernel.close();
      throw e;
    }
  }

  /**
   * As {@link #openForWrite(Path, long)}, over a channel of the caller's, which is closed with it:
   * for who wants to see how it writes, or to let that fail.
   */
  public static BlockFile over(FileChannel channel, Path path, long lengthBytes)
      throws IOException {
    return new BlockFile(path, FOR_WRITE, channel, openForKernel(path), lengthBytes);
  }

  /**
   * Opens the same file once more, for reading, by its path; the caller closes it. What it reads
   * does not depend on when this one is closed.
   */
  public BlockFile reopen() throws IOException {
    FileChannel again = openForKernel(path);
    try {
      return open(path, FOR_READ, again, lengthBytes);
    } catch (IOException e) {
      again.close();
      throw e;
    }
  }

  /** See {@link #map} for why it is not for reading only, if that is possible. */
  private static FileChannel openForKernel(Path path) throws IOException {
    try {
      return FileChannel.open(path, FOR_WRITE);
    } catch (AccessDeniedException e) {
      return FileChannel.open(path, FOR_READ);
    }
  }

  private static BlockFile open(
      Path path, Set<OpenOption> options, FileChannel forKernel, long lengthBytes)
      throws IOException {
    return new BlockFile(path, options, FileChannel.open(path, options), forKernel, lengthBytes);
  }

  /** Where it is; for as long as whoever owns the block keeps it. */
  public Path path() {
    return path;
  }

  public long lengthBytes() {
    return lengthBytes;
  }

  /**
   * Fills {@code dst} with the bytes from {@code position} on.
   *
   * @throws EOFException if the file ends before {@code dst} is full
   */
  public void read(long position, ByteBuffer dst) throws IOException {
    checkRange(position, dst.remaining());
    transfer(dst, open -> readFully(open, position, dst));
  }

  private void readFully(FileChannel open, long position, ByteBuffer dst) throws IOException {
    long at = position;
    while (dst.hasRemaining()) {
      int count = open.read(dst, at);
      if (count < 0) {
        throw new EOFException("The block file ends at byte " + at + " of " + lengthBytes);
      }
      at += count;
    }
  }

  /** Writes all of {@code src} at {@code position}. */
  public void write(long position, ByteBuffer src) throws IOException {
    checkRange(position, src.remaining());
    transfer(src, open -> writeFully(open, position, src));
  }

  private static void writeFully(FileChannel open, long position, ByteBuffer src)
      throws IOException {
    long at = position;
    while (src.hasRemaining()) {
      at += open.write(src, at);
    }
  }

  /** Does all of {@code transfer}, once more if the interrupt of another thread spoilt it. */
  private void transfer(ByteBuffer buffer, Transfer transfer) throws IOException {
    int start = buffer.position();
    while (true) {
      FileChannel open = channel;
      try {
        transfer.run(open);
        return;
      } catch (ClosedByInterruptException e) {
        reopen(open);
        throw e;
      } catch (ClosedChannelException e) {
        if (!reopen(open)) {
          throw e;
        }
        buffer.position(start);
      }
    }
  }

  /** Replaces a channel that was closed by an interrupt, unless the file was closed as well. */
  private synchronized boolean reopen(FileChannel interrupted) {
    if (closed) {
      return false;
    }
    if (channel == interrupted) {
      try {
        channel = FileChannel.open(path, options);
      } catch (IOException e) {
        // Moved or deleted meanwhile: closed, as far as its users are concerned.
        return false;
      }
    }
    return true;
  }

  /**
   * The file for transfers that the kernel does (sendfile): a descriptor of its own, which no
   * interrupted reader closes. Otherwise its number could go to another file in the middle of a
   * transfer, and that file's bytes would be sent. Whoever uses it must neither close it nor use it
   * after {@link #close()}, nor from a thread that others interrupt.
   */
  public FileChannel forKernel() {
    return forKernel;
  }

  /**
   * Maps a part for a device that reads it. Nobody else may touch the mapping: if the file shrinks,
   * the pages that the device has pinned stay, the others are gone. The caller unmaps it.
   *
   * <p>Writable where the file is, because kernels before 6.2 pin memory as if it were to be
   * written, also what a device only reads, and refuse mappings that are not writable.
   *
   * @throws EOFException if the file is closed or ends before; it is never made longer
   */
  public MappedByteBuffer map(long position, int countBytes) throws IOException {
    checkRange(position, countBytes);
    if (!reaches(position + countBytes)) {
      throw new EOFException("The block file is closed or ends before byte " + position);
    }
    try {
      return forKernel.map(MapMode.READ_WRITE, position, countBytes);
    } catch (NonWritableChannelException e) {
      return forKernel.map(MapMode.READ_ONLY, position, countBytes);
    }
  }

  /** Whether the file is open and has grown to {@code end} bytes. */
  public boolean reaches(long end) {
    try {
      return forKernel.size() >= end;
    } catch (IOException e) {
      return false;
    }
  }

  private void checkRange(long position, long countBytes) {
    if (position < 0 || position > lengthBytes - countBytes) {
      throw new IndexOutOfBoundsException(
          "Bytes " + position + "+" + countBytes + " are outside a block of " + lengthBytes);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    try {
      channel.close();
    } finally {
      forKernel.close();
    }
  }

  private interface Transfer {
    void run(FileChannel open) throws IOException;
  }
}
