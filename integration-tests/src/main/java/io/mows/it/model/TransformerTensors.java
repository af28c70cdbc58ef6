// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The tensors of a decoder-only transformer in file order, with as many layers as are asked for.
 * Names and proportions follow Llama checkpoints (grouped-query attention, gated MLP). Not
 * thread-safe.
 */
final class TransformerTensors {
  private static final int MIN_HIDDEN = 16;
  private static final int MAX_HIDDEN = 8192;
  private static final int MAX_VOCABULARY = 32_000;
  private static final int MIN_LAYERS = 8;
  private static final int KEY_VALUE_SHARE = 4;

  private final int hidden;
  private final Deque<Spec> pending = new ArrayDeque<>();
  private int layers;

  /** The widest model that still has some layers in {@code totalBytes}. */
  static TransformerTensors forTotalBytes(long totalBytes) {
    int hidden = MIN_HIDDEN;
    while (hidden < MAX_HIDDEN && minimumBytes(hidden * 2) <= totalBytes) {
      hidden *= 2;
    }
    return new TransformerTensors(hidden);
  }

  private TransformerTensors(int hidden) {
    this.hidden = hidden;
    pending.add(Spec.matrix("lm_head.weight", vocabulary(hidden), hidden));
    pending.add(Spec.matrix("model.embed_tokens.weight", vocabulary(hidden), hidden));
    pending.add(Spec.vector("model.norm.weight", hidden));
  }

  int hidden() {
    return hidden;
  }

  int intermediate() {
    return intermediate(hidden);
  }

  int vocabulary() {
    return vocabulary(hidden);
  }

  /** Layers begun so far. */
  int layers() {
    return layers;
  }

  Spec next() {
    if (pending.isEmpty()) {
      pending.addAll(layer(hidden, layers++));
    }
    return pending.remove();
  }

  private static long minimumBytes(int hidden) {
    long layerBytes = layer(hidden, 0).stream().mapToLong(Spec::lengthBytes).sum();
    long embeddingBytes = Spec.matrix("", vocabulary(hidden), hidden).lengthBytes();
    return 2 * embeddingBytes + MIN_LAYERS * layerBytes;
  }

  private static int vocabulary(int hidden) {
    return Math.min(MAX_VOCABULARY, 16 * hidden);
  }

  private static int intermediate(int hidden) {
    return hidden * 43 / 16;
  }

  private static List<Spec> layer(int hidden, int index) {
    String prefix = "model.layers." + index + ".";
    int keyValue = hidden / KEY_VALUE_SHARE;
    int intermediate = intermediate(hidden);
    return List.of(
        Spec.vector(prefix + "input_layernorm.weight", hidden),
        Spec.matrix(prefix + "mlp.down_proj.weight", hidden, intermediate),
        Spec.matrix(prefix + "mlp.gate_proj.weight", intermediate, hidden),
        Spec.matrix(prefix + "mlp.up_proj.weight", intermediate, hidden),
        Spec.vector(prefix + "post_attention_layernorm.weight", hidden),
        Spec.matrix(prefix + "self_attn.k_proj.weight", keyValue, hidden),
        Spec.matrix(prefix + "self_attn.o_proj.weight", hidden, hidden),
        Spec.matrix(prefix + "self_attn.q_proj.weight", hidden, hidden),
        Spec.matrix(prefix + "self_attn.v_proj.weight", keyValue, hidden));
  }

  /** A tensor to be placed: a BF16 matrix or an F32 vector. Immutable. */
  static final class Spec {
    private final String name;
    private final DType dtype;
    private final List<Long> shape;

    private Spec(String name, DType dtype, List<Long> shape) {
      this.name = name;
      this.dtype = dtype;
      this.shape = shape;
    }

    private static Spec matrix(String name, long rows, long columns) {
      return new Spec(name, DType.BF16, List.of(rows, columns));
    }

    private static Spec vector(String name, long length) {
      return new Spec(name, DType.F32, List.of(length));
    }

    String name() {
      return name;
    }

    long lengthBytes() {
      return dtype.lengthBytes(shape);
    }

    TensorInfo at(long offset) {
      return new TensorInfo(name, dtype, shape, offset);
    }

    /** The same tensor with only as many rows (elements, of a vector) as fit {@code roomBytes}. */
    TensorInfo cutTo(long roomBytes, long offset) {
      List<Long> row = shape.subList(1, shape.size());
      long rows = Math.min(shape.get(0), roomBytes / dtype.lengthBytes(row));
      List<Long> cut = row.isEmpty() ? List.of(rows) : List.of(rows, row.get(0));
      return new TensorInfo(name, dtype, cut, offset);
    }

    /** A vector of 16-bit values beside this tensor, which fills an even {@code lengthBytes}. */
    TensorInfo biasOf(long lengthBytes, long offset) {
      String biasName = name.replace(".weight", ".bias");
      return new TensorInfo(
          biasName, DType.BF16, List.of(lengthBytes / DType.BF16.elementBytes()), offset);
    }
  }
}
