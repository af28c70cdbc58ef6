// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Registered memory to read into: slabs whose lengths are powers of two, made when they are needed
 * and kept for the next. All of them together stay within a budget; idle ones of other lengths make
 * room. Thread-safe; the lock is not held while memory is registered.
 */
final class Arena implements AutoCloseable {
  static final int MIN_SLAB_BYTES = 64 << 10;

  private final Verbs.Domain domain;
  private final long budgetBytes;
  private final Map<Integer, Deque<Slab>> idle = new TreeMap<>();
  private long registeredBytes;
  private long idleBytes;
  private boolean closed;

  /**
   * @param domain stays the caller's, and must be open until all slabs are given back
   */
  Arena(Verbs.Domain domain, long budgetBytes) {
    this.domain = domain;
    this.budgetBytes = budgetBytes;
  }

  /** The least power of two that holds {@code lengthBytes}, or a smallest slab. */
  static int slabBytes(int lengthBytes) {
    int needed = Math.max(lengthBytes, MIN_SLAB_BYTES);
    return Integer.highestOneBit(needed) == needed ? needed : Integer.highestOneBit(needed) << 1;
  }

  /** Whether there is room for so many bytes now; somebody else may take it. */
  synchronized boolean hasRoomFor(int lengthBytes) {
    return registeredBytes - idleBytes + slabBytes(lengthBytes) <= budgetBytes;
  }

  /**
   * A slab with one owner, the caller; null if the budget is used up.
   *
   * @throws IOException if the memory cannot be registered
   */
  Slab acquire(int lengthBytes) throws IOException {
    int slabBytes = slabBytes(lengthBytes);
    List<Slab> evicted;
    synchronized (this) {
      Deque<Slab> fitting = idle.get(slabBytes);
      if (fitting != null && !fitting.isEmpty()) {
        idleBytes -= slabBytes;
        return fitting.pop().reused();
      }
      if (closed || !hasRoomFor(lengthBytes)) {
        return null;
      }
      evicted = evict(registeredBytes + slabBytes - budgetBytes);
      registeredBytes += slabBytes;
    }
    evicted.forEach(Slab::destroy);
    try {
      return register(slabBytes);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      synchronized (this) {
        registeredBytes -= slabBytes;
      }
      throw new IOException(
          "no memory can be registered for RDMA ("
              + e.getMessage()
              + "): raise the limit of locked memory (ulimit -l), or lower"
              + " alluxio.mows.rdma.memory",
          e);
    }
  }

  /** Takes idle slabs of at least so many bytes, the longest first, out of the books. */
  private List<Slab> evict(long bytes) {
    List<Slab> evicted = new ArrayList<>();
    long left = bytes;
    List<Integer> lengths = new ArrayList<>(idle.keySet());
    for (int i = lengths.size() - 1; i >= 0 && left > 0; i--) {
      Deque<Slab> slabs = idle.get(lengths.get(i));
      while (left > 0 && !slabs.isEmpty()) {
        Slab slab = slabs.pop();
        evicted.add(slab);
        left -= slab.capacityBytes();
        idleBytes -= slab.capacityBytes();
        registeredBytes -= slab.capacityBytes();
      }
    }
    return evicted;
  }

  private Slab register(int slabBytes) throws IOException {
    ByteBuffer memory = ByteBuffer.allocateDirect(slabBytes);
    try {
      long address = PlatformDependent.directBufferAddress(memory);
      return new Slab(this::giveBack, memory, address, domain.register(address, slabBytes, false));
    } catch (IOException | RuntimeException e) {
      PlatformDependent.freeDirectBuffer(memory);
      throw e;
    }
  }

  /** Nobody owns the slab any more. */
  void giveBack(Slab slab) {
    synchronized (this) {
      if (!closed) {
        idle.computeIfAbsent(slab.capacityBytes(), length -> new ArrayDeque<>()).push(slab);
        idleBytes += slab.capacityBytes();
        return;
      }
      registeredBytes -= slab.capacityBytes();
    }
    slab.destroy();
  }

  /** What is registered now, idle slabs included. */
  synchronized long registeredBytes() {
    return registeredBytes;
  }

  /** What is in use now. */
  synchronized long usedBytes() {
    return registeredBytes - idleBytes;
  }

  /** Gives up the idle slabs, and the others as soon as they are given back. */
  @Override
  public void close() {
    List<Slab> evicted;
    synchronized (this) {
      closed = true;
      evicted = evict(idleBytes);
    }
    evicted.forEach(Slab::destroy);
  }
}
