// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import java.util.Arrays;

/** Integers in a row, without a box around each. */
public final class IntList {
  private static final int[] EMPTY = {};

  private int[] values = new int[4];
  private int size;

  public void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Takes out {@code value}, wherever it is. */
  public void remove(int value) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (values[i] != value) {
        values[kept++] = values[i];
      }
    }
    size = kept;
  }

  /** All values; the list is empty afterwards. */
  public int[] drain() {
    if (size == 0) {
      return EMPTY;
    }
    int[] all = Arrays.copyOf(values, size);
    size = 0;
    return all;
  }
}
