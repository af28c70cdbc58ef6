// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.manifest.Manifest;
import java.util.Optional;

/** What came of checking one file. Immutable. */
final class FileVerdict {
  /** In the order of severity. */
  enum Status {
    PROVEN("proven", false),
    PIECES_ONLY("pieces only", false),
    NO_MANIFEST("no manifest", false),
    BROKEN("BROKEN", true),
    MISMATCH("MISMATCH", true),
    STALE("STALE SOURCE", true),
    UNREADABLE("UNREADABLE", true),
    MISSING("MISSING", true),
    HIDDEN("HIDDEN", true);

    private final String title;
    private final boolean isBad;

    Status(String title, boolean isBad) {
      this.title = title;
      this.isBad = isBad;
    }

    String title() {
      return title;
    }
  }

  private final String path;
  private final Status status;
  private final String where;
  private final Integer expected;
  private final Integer actual;
  private final String detail;

  /**
   * @param expected null if no manifest says
   * @param actual null if it is not known
   * @param detail empty if there is nothing more to say
   */
  FileVerdict(
      String path, Status status, String where, Integer expected, Integer actual, String detail) {
    this.path = path;
    this.status = status;
    this.where = where;
    this.expected = expected;
    this.actual = actual;
    this.detail = detail;
  }

  String path() {
    return path;
  }

  Status status() {
    return status;
  }

  String where() {
    return where;
  }

  String expected() {
    return expected == null ? "-" : Manifest.hex(expected);
  }

  String actual() {
    return actual == null ? "-" : Manifest.hex(actual);
  }

  /** Why the command fails; empty if it does not because of this file. */
  Optional<String> failure() {
    if (!status.isBad) {
      return Optional.empty();
    }
    String crcs =
        status == Status.MISMATCH && expected != null
            ? ": CRC32 " + actual() + ", expected " + expected()
            : "";
    return Optional.of(path + " " + status.title + crcs + (detail.isEmpty() ? "" : ": " + detail));
  }

  void write(ObjectNode json) {
    json.put("path", path)
        .put("status", status.name())
        .put("where", where)
        .put("expectedCrc32", expected == null ? null : Manifest.hex(expected))
        .put("actualCrc32", actual == null ? null : Manifest.hex(actual))
        .put("detail", detail);
  }
}
