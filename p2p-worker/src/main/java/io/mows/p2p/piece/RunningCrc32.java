// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * The CRC32 of one piece while its bytes arrive, in any order and some of them perhaps twice: the
 * later ones count. In order, it costs no more than the CRC32 itself; so it does when several parts
 * of the piece arrive side by side, each in order. For one thread at a time.
 */
public final class RunningCrc32 {
  /** By the offset of their first bytes; no two overlap. */
  private final TreeMap<Integer, Run> runs = new TreeMap<>();

  /** The one that grew last; null if there is none. */
  private Run last;

  /** Takes all of {@code src}, which belongs to {@code offset}; its position does not change. */
  public void update(int offset, ByteBuffer src) {
    int length = src.remaining();
    if (last == null || last.end != offset || isCovered(offset, length)) {
      forget(offset, length);
      last = runEndingAt(offset);
    }
    last.take(src.duplicate());
  }

  private boolean isCovered(int offset, int length) {
    return runs.size() > 1 && !runs.subMap(offset, offset + length).isEmpty();
  }

  private Run runEndingAt(int offset) {
    Map.Entry<Integer, Run> before = runs.lowerEntry(offset);
    if (before != null && before.getValue().end == offset) {
      return before.getValue();
    }
    Run fresh = new Run(offset);
    runs.put(offset, fresh);
    return fresh;
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
    int at = 0;
    int value = 0;
    for (Map.Entry<Integer, Run> entry : runs.entrySet()) {
      Run run = entry.getValue();
      if (entry.getKey() != at) {
        return OptionalInt.empty();
      }
      int bytes = run.end - at;
      value = at == 0 ? run.crc32() : Crc32Math.combine(value, run.crc32(), bytes);
      at = run.end;
    }
    return at == length ? OptionalInt.of(value) : OptionalInt.empty();
  }

  /** Bytes that came in order, and more that may. */
  private static final class Run {
    private final CRC32 crc = new CRC32();
    private int end;

    Run(int start) {
      this.end = start;
    }

    void take(ByteBuffer bytes) {
      end += bytes.remaining();
      crc.update(bytes);
    }

    int crc32() {
      return (int) crc.getValue();
    }
  }
}
