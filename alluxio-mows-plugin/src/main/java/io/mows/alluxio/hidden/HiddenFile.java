// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.hidden;

/** Something at the origin that Alluxio does not show, or shows wrongly. Immutable. */
public final class HiddenFile {
  private final String path;
  private final String reason;
  private final boolean isMissing;

  private HiddenFile(String path, String reason, boolean isMissing) {
    this.path = path;
    this.reason = reason;
    this.isMissing = isMissing;
  }

  /** Readers do not find it, or not all of it. */
  static HiddenFile missing(String path, String reason) {
    return new HiddenFile(path, reason, true);
  }

  /** Readers find all there is, but it costs more than it need. */
  static HiddenFile odd(String path, String reason) {
    return new HiddenFile(path, reason, false);
  }

  /** The path that it would have in Alluxio; what cannot be written is shown as '?'. */
  public String path() {
    return path;
  }

  /** Why, and what to do. */
  public String reason() {
    return reason;
  }

  /** Whether a model that has it in its directory is not whole. */
  public boolean isMissing() {
    return isMissing;
  }

  HiddenFile below(String directory) {
    return new HiddenFile((directory.equals("/") ? "" : directory) + "/" + path, reason, isMissing);
  }

  @Override
  public String toString() {
    return path + ": " + reason;
  }
}
