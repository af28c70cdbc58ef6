// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

/** A file that is not what its directory's manifest says. Immutable. */
public final class CrcMismatch {
  /** What is wrong with the file. */
  public enum Reason {
    /** In the manifest but not in the directory. */
    MISSING,
    /** Its CRC32 is another. */
    DIFFERENT,
    /** Opening or reading it failed. */
    UNREADABLE,
    /** In the directory but not in the manifest. */
    UNLISTED
  }

  private final String path;
  private final Reason reason;
  private final String detail;

  CrcMismatch(String path, Reason reason, String detail) {
    this.path = path;
    this.reason = reason;
    this.detail = detail;
  }

  /** Relative to the directory. */
  public String path() {
    return path;
  }

  public Reason reason() {
    return reason;
  }

  public String detail() {
    return detail;
  }

  @Override
  public String toString() {
    return path + ": " + reason + " (" + detail + ")";
  }
}
