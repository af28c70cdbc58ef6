// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

import io.mows.p2p.fetch.table.UncachedSlots;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bytes of {@link UncachedSlots}. A buffer is used again when its slot is free and no reader is
 * in it. Thread-safe.
 */
public final class UncachedBuffers {
  private final int maxFree;
  private final int pieceBytes;
  private final Map<Long, Buffer> bySlot = new ConcurrentHashMap<>();
  private final Deque<ByteBuffer> free = new ArrayDeque<>();

  /**
   * @param maxFree how many buffers are kept for later at most
   */
  public UncachedBuffers(int maxFree, int pieceBytes) {
    this.maxFree = maxFree;
    this.pieceBytes = pieceBytes;
  }

  /** The buffer of {@code slot}, which is in use from now on until {@link #free}. */
  public Buffer of(long slot) {
    return bySlot.computeIfAbsent(slot, id -> new Buffer(this));
  }

  public void free(long slot) {
    Buffer buffer = bySlot.remove(slot);
    if (buffer != null) {
      buffer.release();
    }
    if (bySlot.isEmpty()) {
      synchronized (free) {
        free.clear();
      }
    }
  }

  private ByteBuffer take() {
    synchronized (free) {
      ByteBuffer buffer = free.poll();
      return buffer != null ? buffer : ByteBuffer.allocateDirect(pieceBytes);
    }
  }

  private void giveBack(ByteBuffer buffer) {
    synchronized (free) {
      if (free.size() < maxFree) {
        free.push(buffer);
      }
    }
  }

  /** The bytes of one piece; given back when the slot and all readers have let go of them. */
  public static final class Buffer {
    private final UncachedBuffers buffers;
    private ByteBuffer bytes;
    private final AtomicInteger references = new AtomicInteger(1);

    private Buffer(UncachedBuffers buffers) {
      this.buffers = buffers;
    }

    public void write(int offset, ByteBuffer src) {
      bytes().position(offset).put(src);
    }

    /** Fills {@code dst} from {@code offset} on. Call between retain and release. */
    public void read(int offset, ByteBuffer dst) {
      dst.put(bytes().limit(offset + dst.remaining()).position(offset));
    }

    /** Allocated by who writes the first bytes: that may take long, and the engine must not. */
    private synchronized ByteBuffer bytes() {
      if (bytes == null) {
        bytes = buffers.take();
      }
      return bytes.duplicate();
    }

    public boolean retain() {
      return references.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
    }

    public void release() {
      if (references.decrementAndGet() == 0) {
        giveBack();
      }
    }

    private synchronized void giveBack() {
      if (bytes != null) {
        buffers.giveBack(bytes);
        bytes = null;
      }
    }
  }
}
