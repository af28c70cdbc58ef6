// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

import io.mows.p2p.fetch.core.LaneBlock;
import io.mows.p2p.piece.FileLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A request to have some blocks of a file in the cache. For the engine's thread. */
public final class BlockLoad {
  private final Set<Integer> missing;
  private final Answers answers;
  private final long number;
  private final Kind kind;

  private BlockLoad(List<Integer> blocks, Answers answers, long number, Kind kind) {
    this.missing = new TreeSet<>(blocks);
    this.answers = answers;
    this.number = number;
    this.kind = kind;
  }

  /** Tells who waits for loads. */
  public interface Answers {
    /** For nobody. */
    Answers NONE =
        new Answers() {
          @Override
          public void loadDone(long load) {}

          @Override
          public void loadFailed(long load, Throwable failure) {}
        };

    void loadDone(long load);

    void loadFailed(long load, Throwable failure);
  }

  private enum Kind {
    WHOLE,
    PACED,
    REST
  }

  /** {@link LaneBlock} asks for the pieces one by one. */
  public static BlockLoad paced(int block, Answers answers, long number) {
    return new BlockLoad(List.of(block), answers, number, Kind.PACED);
  }

  /** What a block still lacks that a reader has begun to stream, if the cache has room for it. */
  public static BlockLoad restOf(int block) {
    return new BlockLoad(List.of(block), Answers.NONE, 0, Kind.REST);
  }

  public boolean isPaced() {
    return kind == Kind.PACED;
  }

  /** Whether it is for a block that has its room, and not to be begun without. */
  public boolean needsRoom() {
    return kind == Kind.REST;
  }

  /** These blocks, all of them; {@code blocks} is not empty. */
  public static BlockLoad whole(List<Integer> blocks, Answers answers, long number) {
    return new BlockLoad(blocks, answers, number, Kind.WHOLE);
  }

  /** The blocks that overlap {@code length} bytes from {@code offset} on; perhaps none. */
  public static List<Integer> overlapping(FileLayout layout, long offset, long length) {
    if (offset < 0) {
      throw new IllegalArgumentException("A load from offset " + offset);
    }
    List<Integer> blocks = new ArrayList<>();
    long end = offset + Math.min(length, layout.lengthBytes() - offset);
    for (long at = offset; at < end; at = layout.blockEnd(layout.blockAt(at))) {
      blocks.add(layout.blockAt(at));
    }
    return blocks;
  }

  public List<Integer> blocks() {
    return List.copyOf(missing);
  }

  public boolean wants(int block) {
    return missing.contains(block);
  }

  public void done(int block) {
    if (missing.remove(block) && missing.isEmpty()) {
      answers.loadDone(number);
    }
  }

  public void fail(Throwable failure) {
    if (!missing.isEmpty()) {
      missing.clear();
      answers.loadFailed(number, failure);
    }
  }

  public boolean isDone() {
    return missing.isEmpty();
  }
}
