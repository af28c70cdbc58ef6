// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import java.util.List;

/**
 * One tensor as a safetensors header describes it: name, element type, shape, and where its bytes
 * are relative to the end of the header. Immutable.
 */
public final class TensorInfo {
  private final String name;
  private final DType dtype;
  private final List<Long> shape;
  private final long beginOffset;
  private final long endOffset;

  TensorInfo(String name, DType dtype, List<Long> shape, long beginOffset) {
    this.name = name;
    this.dtype = dtype;
    this.shape = List.copyOf(shape);
    this.beginOffset = beginOffset;
    this.endOffset = Math.addExact(beginOffset, dtype.lengthBytes(this.shape));
  }

  public String name() {
    return name;
  }

  public DType dtype() {
    return dtype;
  }

  public List<Long> shape() {
    return shape;
  }

  /** First byte of the tensor, counted from the end of the header. */
  public long beginOffset() {
    return beginOffset;
  }

  /** First byte after the tensor, counted from the end of the header. */
  public long endOffset() {
    return endOffset;
  }

  public long lengthBytes() {
    return endOffset - beginOffset;
  }

  @Override
  public String toString() {
    return name + " " + dtype + shape + " [" + beginOffset + ", " + endOffset + ")";
  }
}
