// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import java.util.List;

/** Element types of the safetensors format, by the names its headers use. */
public enum DType {
  BOOL(1),
  U8(1),
  I8(1),
  F8_E5M2(1),
  F8_E4M3(1),
  I16(2),
  U16(2),
  F16(2),
  BF16(2),
  I32(4),
  U32(4),
  F32(4),
  F64(8),
  I64(8),
  U64(8);

  private final int elementBytes;

  DType(int elementBytes) {
    this.elementBytes = elementBytes;
  }

  public int elementBytes() {
    return elementBytes;
  }

  /**
   * Bytes of a tensor of this type and shape (an empty shape is a scalar).
   *
   * @throws ArithmeticException if that does not fit 63 bits
   */
  long lengthBytes(List<Long> shape) {
    long lengthBytes = elementBytes;
    for (long dimension : shape) {
      lengthBytes = Math.multiplyExact(lengthBytes, dimension);
    }
    return lengthBytes;
  }
}
