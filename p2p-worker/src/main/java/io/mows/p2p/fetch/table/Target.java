// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

import io.mows.p2p.fetch.state.FetchEffects;
import java.util.List;

/** Where the bytes of one piece go: into blocks, into a slot outside them, or both. Immutable. */
public final class Target {
  private final List<Part> parts;
  private final long slot;
  private final boolean wantsCrc32;

  /**
   * @param parts the blocks that are being filled
   * @param slot of {@link UncachedSlots}, or {@link UncachedSlots#NONE}
   * @param wantsCrc32 whether the CRC32 of the bytes is to be found out on their way
   */
  public Target(List<Part> parts, long slot, boolean wantsCrc32) {
    this.parts = List.copyOf(parts);
    this.slot = slot;
    this.wantsCrc32 = wantsCrc32;
  }

  public List<Part> parts() {
    return parts;
  }

  public long slot() {
    return slot;
  }

  public boolean wantsCrc32() {
    return wantsCrc32;
  }

  /** Whether the bytes are there already, and are to be read only. */
  public boolean isLinked() {
    return isLinked(parts);
  }

  /** As {@link #isLinked()}: a piece of a linked block lies in no other one. */
  public static boolean isLinked(List<Part> parts) {
    return !parts.isEmpty() && parts.get(0).slot.isLinked();
  }

  /** The part in this block; null if there is none. */
  public Part in(int block) {
    return parts.stream().filter(part -> part.block == block).findFirst().orElse(null);
  }

  /** One block that takes its share of the piece. */
  public static final class Part {
    private final int block;
    private final BlockSlot slot;

    public Part(int block, BlockSlot slot) {
      this.block = block;
      this.slot = slot;
    }

    public int block() {
      return block;
    }

    public BlockSlot slot() {
      return slot;
    }

    /** Which reserved room it is, as {@link FetchEffects#reserve} called it. */
    public long room() {
      return slot.room();
    }
  }
}
