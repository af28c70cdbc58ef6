// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.io.Serializable;
import java.util.Comparator;

/** Compares names as engines sort shards: numbers by their value, the rest by its characters. */
final class NaturalOrder implements Comparator<String>, Serializable {
  static final NaturalOrder INSTANCE = new NaturalOrder();

  private static final long serialVersionUID = 1L;

  @Override
  public int compare(String left, String right) {
    int l = 0;
    int r = 0;
    while (l < left.length() && r < right.length()) {
      if (isDigit(left, l) && isDigit(right, r)) {
        int leftEnd = endOfNumber(left, l);
        int rightEnd = endOfNumber(right, r);
        int result = compareNumbers(left, l, leftEnd, right, r, rightEnd);
        if (result != 0) {
          return result;
        }
        l = leftEnd;
        r = rightEnd;
      } else if (left.charAt(l) != right.charAt(r)) {
        return Character.compare(left.charAt(l), right.charAt(r));
      } else {
        l++;
        r++;
      }
    }
    int rest = Integer.compare(left.length() - l, right.length() - r);
    return rest != 0 ? rest : left.compareTo(right);
  }

  private static boolean isDigit(String text, int at) {
    return text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private static int endOfNumber(String text, int from) {
    int end = from;
    while (end < text.length() && isDigit(text, end)) {
      end++;
    }
    return end;
  }

  /** Without an object: a directory's names are compared again and again. */
  private static int compareNumbers(
      String left, int leftFrom, int leftEnd, String right, int rightFrom, int rightEnd) {
    int l = endOfZeros(left, leftFrom, leftEnd);
    int r = endOfZeros(right, rightFrom, rightEnd);
    int result = Integer.compare(leftEnd - l, rightEnd - r);
    while (result == 0 && l < leftEnd) {
      result = Character.compare(left.charAt(l++), right.charAt(r++));
    }
    return result;
  }

  private static int endOfZeros(String text, int from, int end) {
    int at = from;
    while (at < end && text.charAt(at) == '0') {
      at++;
    }
    return at;
  }
}
