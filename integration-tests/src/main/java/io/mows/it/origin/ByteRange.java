// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of an object that is asked for. OSS is peculiar: unless the request has {@code
 * x-oss-range-behavior: standard}, a range that is malformed or reaches beyond the object is
 * ignored and the whole object sent with status 200; of several ranges the first counts (Aliyun OSS
 * documentation, "Use HTTP Range requests to get OSS resources in segments"). Immutable.
 */
final class ByteRange {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})(?:,.*)?");

  private final long offset;
  private final long lengthBytes;
  private final boolean partial;

  private ByteRange(long offset, long lengthBytes, boolean partial) {
    this.offset = offset;
    this.lengthBytes = lengthBytes;
    this.partial = partial;
  }

  /**
   * Reads a Range header.
   *
   * @param header empty if there is none
   * @param standard whether the request asks for the behaviour of RFC 9110 (clamped, or 416)
   */
  static ByteRange of(String header, boolean standard, long objectBytes) throws OssException {
    ByteRange whole = new ByteRange(0, objectBytes, false);
    Matcher matcher = RANGE.matcher(header);
    if (!matcher.matches() || (matcher.group(1) + matcher.group(2)).isEmpty()) {
      return whole;
    }
    boolean suffix = matcher.group(1).isEmpty();
    long first = suffix ? -1 : Long.parseLong(matcher.group(1));
    long last = matcher.group(2).isEmpty() ? objectBytes - 1 : Long.parseLong(matcher.group(2));
    if (suffix) {
      first = objectBytes - last;
      last = objectBytes - 1;
    }
    boolean inside = first >= 0 && last < objectBytes && first <= last;
    if (inside) {
      return new ByteRange(first, last - first + 1, true);
    }
    if (!standard || (!suffix && first > last && first < objectBytes)) {
      return whole;
    }
    long clampedFirst = Math.max(0, first);
    long clampedLast = Math.min(objectBytes - 1, last);
    if (clampedFirst > clampedLast) {
      throw OssException.invalidRange(objectBytes, header);
    }
    return new ByteRange(clampedFirst, clampedLast - clampedFirst + 1, true);
  }

  boolean has(long position) {
    return position >= offset && position - offset < lengthBytes;
  }

  long offset() {
    return offset;
  }

  long lengthBytes() {
    return lengthBytes;
  }

  /** Whether the answer is 206 with this range rather than 200 with the whole object. */
  boolean isPartial() {
    return partial;
  }

  String contentRange(long objectBytes) {
    return "bytes " + offset + "-" + (offset + lengthBytes - 1) + "/" + objectBytes;
  }
}
