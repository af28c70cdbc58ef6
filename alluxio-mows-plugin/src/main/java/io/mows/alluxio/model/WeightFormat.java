// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The kinds of files that weights come in. Where a directory has the same weights in several, an
 * engine that is free to choose takes the first of these.
 */
public enum WeightFormat {
  SAFETENSORS("safetensors"),
  BIN("bin"),
  TORCH("pt", "pth", "ckpt"),
  H5("h5"),
  MSGPACK("msgpack"),
  ONNX("onnx"),
  GGUF("gguf"),
  GGML("ggml"),
  NPZ("npz"),
  ENGINE("engine", "plan"),
  /** Known to be weights, and only read when somebody asks for them by name. */
  OTHER("ot", "tflite", "nemo", "mlmodel", "pb", "params");

  private final ImmutableList<String> extensions;

  WeightFormat(String... extensions) {
    this.extensions = ImmutableList.copyOf(extensions);
  }

  /** The format of a file with this name; empty if it holds no weights. */
  public static Optional<WeightFormat> of(String name) {
    if (OnnxData.isData(name)) {
      return Optional.of(ONNX);
    }
    int dot = name.lastIndexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    String extension = name.substring(dot + 1).toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format.extensions.contains(extension))
        .findFirst();
  }

  /** The format that is called this, such as {@code gguf}, in any case. */
  public static Optional<WeightFormat> named(String name) {
    return Arrays.stream(values())
        .filter(format -> format != OTHER && format.name().equalsIgnoreCase(name))
        .findFirst();
  }
}
