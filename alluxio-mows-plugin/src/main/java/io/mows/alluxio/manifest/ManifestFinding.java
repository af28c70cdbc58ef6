// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.manifest;

/** Something in a manifest that cannot be used. Immutable. */
public final class ManifestFinding {
  private final String manifest;
  private final int line;
  private final String problem;

  ManifestFinding(String manifest, int line, String problem) {
    this.manifest = manifest;
    this.line = line;
    this.problem = problem;
  }

  /** The manifest that has it, as it was named to the parser. */
  public String manifest() {
    return manifest;
  }

  /** Counts from 1; 0 if it is about the whole manifest. */
  public int line() {
    return line;
  }

  public String problem() {
    return problem;
  }

  @Override
  public String toString() {
    return manifest + (line > 0 ? ":" + line : "") + ": " + problem;
  }
}
