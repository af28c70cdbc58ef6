// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import java.io.IOException;
import java.nio.file.Path;

/** A file that claims to be safetensors is not; the message names the file and the reason. */
public final class SafetensorsFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  SafetensorsFormatException(Path path, String problem, Throwable cause) {
    super(path + " " + problem, cause);
  }
}
