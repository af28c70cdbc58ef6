// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.netty.util.internal.PlatformDependent;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Registered memory with a count of its owners: whoever waits for the bytes, and the queue pair
 * while it may write them. It goes back to its {@code Arena} with the last one. Thread-safe.
 */
final class Slab {
  private final Consumer<Slab> arena;
  private final ByteBuffer memory;
  private final long address;
  private final Verbs.Region region;
  private final AtomicInteger owners = new AtomicInteger(1);

  /**
   * @param arena takes it back when nobody owns it any more
   * @param memory a direct buffer, taken over
   */
  Slab(Consumer<Slab> arena, ByteBuffer memory, long address, Verbs.Region region) {
    this.arena = arena;
    this.memory = memory;
    this.address = address;
    this.region = region;
  }

  int capacityBytes() {
    return memory.capacity();
  }

  long address() {
    return address;
  }

  int localKey() {
    return region.localKey();
  }

  /** Its first bytes. */
  ByteBuffer bytes(int lengthBytes) {
    ByteBuffer bytes = memory.duplicate();
    bytes.clear().limit(lengthBytes);
    return bytes;
  }

  /** One more owner. */
  void retain() {
    if (owners.getAndIncrement() <= 0) {
      throw new IllegalStateException("A slab without an owner gets none");
    }
  }

  /** One owner less. */
  void release() {
    int left = owners.decrementAndGet();
    if (left == 0) {
      arena.accept(this);
    } else if (left < 0) {
      throw new IllegalStateException("A slab was released once too often");
    }
  }

  /** For the arena: out of the free list, with one owner again. */
  Slab reused() {
    if (!owners.compareAndSet(0, 1)) {
      throw new IllegalStateException("A slab in the free list has an owner");
    }
    return this;
  }

  /** For the arena: gives back the memory. */
  void destroy() {
    region.close();
    PlatformDependent.freeDirectBuffer(memory);
  }
}
