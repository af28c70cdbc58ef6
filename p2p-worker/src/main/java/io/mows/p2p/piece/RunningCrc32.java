// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * The CRC32 of one piece while its bytes arrive, in any order and some of them perhaps twice: the
 * later ones count. In order, it costs no more than the CRC32 itself. For one thread at a time.
 */
public final class RunningCrc32 {
  private final CRC32 crc = new CRC32();
  private final TreeMap<Integer, Run> runs = new TreeMap<>();
  private int start;
  private int end;

  /** Takes all of {@code src}, which belongs to {@code offset}; its position does not change. */
  public void update(int offset, ByteBuffer src) {
    int length = src.remaining();
    if (offset != end || isCovered(offset, length)) {
      closeRun();
      forget(offset, length);
      start = offset;
      end = offset;
    }
    crc.update(src.duplicate());
    end += length;
  }

  private boolean isCovered(int offset, int length) {
    return !runs.isEmpty() && !runs.subMap(offset, offset + length).isEmpty();
  }

  private void closeRun() {
    if (end > start) {
      runs.put(start, new Run(end, (int) crc.getValue()));
    }
    crc.reset();
  }

  /** Forgets the runs that these bytes overwrite; their other bytes are not known any more. */
  private void forget(int offset, int length) {
    Map.Entry<Integer, Run> before = runs.lowerEntry(offset);
    if (before != null && before.getValue().end > offset) {
      runs.remove(before.getKey());
    }
    runs.subMap(offset, offset + length).clear();
  }

  /** The CRC32 of {@code length} bytes from 0 on; empty if not each of them is known. */
  public OptionalInt value(int length) {
    closeRun();
    start = end;
    int at = 0;
    int value = 0;
    for (Map.Entry<Integer, Run> run : runs.entrySet()) {
      if (run.getKey() != at) {
        return OptionalInt.empty();
      }
      int bytes = run.getValue().end - at;
      value =
          at == 0 ? run.getValue().crc32 : Crc32Math.combine(value, run.getValue().crc32, bytes);
      at = run.getValue().end;
    }
    return at == length ? OptionalInt.of(value) : OptionalInt.empty();
  }

  /** Bytes that came in order. */
  private static final class Run {
    private final int end;
    private final int crc32;

    Run(int end, int crc32) {
      this.end = end;
      this.crc32 = crc32;
    }
  }
}
