// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The files beside an ONNX model that hold its weights. Their names stand in the model, which is a
 * protocol buffer; all exporters choose one of a few patterns.
 */
final class OnnxData {
  private static final Pattern DATA = Pattern.compile(".+\\.onnx([._]data(_\\d+)?|\\.weights)");

  private OnnxData() {}

  static boolean isData(String name) {
    return DATA.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  /** Whether {@code data} belongs to the model of the name {@code onnx}. */
  static boolean belongs(String data, String onnx) {
    return isData(data) && data.startsWith(onnx) && !data.equals(onnx);
  }

  /** What a file of a model, its own or one with data, has in common with the others. */
  static String model(String name) {
    int end = name.toLowerCase(Locale.ROOT).lastIndexOf(".onnx");
    return end < 0 ? name : name.substring(0, end + ".onnx".length());
  }
}
