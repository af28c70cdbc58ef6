// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.Objects;
import java.util.OptionalInt;

/** What manifests say of one file. Immutable; equal if all fields are. */
public final class Expectation {
  private static final Expectation NO_MANIFEST = new Expectation(Kind.NO_MANIFEST, 0, "");

  private enum Kind {
    CRC32,
    NO_ENTRY,
    NO_MANIFEST
  }

  private final Kind kind;
  private final int crc32;
  private final String manifest;

  private Expectation(Kind kind, int crc32, String manifest) {
    this.kind = kind;
    this.crc32 = crc32;
    this.manifest = manifest;
  }

  /**
   * The file has an entry.
   *
   * @param manifest where that stands
   */
  public static Expectation crc32(int crc32, String manifest) {
    return new Expectation(Kind.CRC32, crc32, manifest);
  }

  /** There is a manifest but the file is not in it. */
  public static Expectation noEntry(String manifest) {
    return new Expectation(Kind.NO_ENTRY, 0, manifest);
  }

  /** There is no manifest above the file. */
  public static Expectation noManifest() {
    return NO_MANIFEST;
  }

  /** The CRC32 of the whole file; empty if no manifest says. */
  public OptionalInt crc32() {
    return kind == Kind.CRC32 ? OptionalInt.of(crc32) : OptionalInt.empty();
  }

  /** The manifest's path; empty if there is none. */
  public String manifest() {
    return manifest;
  }

  /** Why there is no CRC32, to go on after "it". */
  public String reason() {
    return kind == Kind.NO_ENTRY
        ? "has no entry in " + manifest
        : "has no manifest in its directory or above";
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Expectation)) {
      return false;
    }
    Expectation that = (Expectation) other;
    return kind == that.kind && crc32 == that.crc32 && manifest.equals(that.manifest);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, crc32, manifest);
  }
}
