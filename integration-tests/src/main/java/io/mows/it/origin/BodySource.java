// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes to be sent, readable at any position. */
interface BodySource {
  /**
   * Fills {@code target} with the bytes from {@code position} on.
   *
   * @throws EOFException if there are not so many bytes
   */
  void read(ByteBuffer target, long position) throws IOException;

  /** The bytes of {@code array}, which must not be changed. */
  static BodySource of(byte[] array) {
    return (target, position) -> target.put(array, (int) position, target.remaining());
  }
}
