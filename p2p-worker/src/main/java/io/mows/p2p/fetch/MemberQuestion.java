// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

/** One file whose members the locator is asked for. Immutable. */
final class MemberQuestion {
  private final long number;
  private final long fileId;
  private final boolean isFirst;

  /**
   * @param number for {@link FetchInput#members}
   * @param isFirst whether the file was never asked for before
   */
  MemberQuestion(long number, long fileId, boolean isFirst) {
    this.number = number;
    this.fileId = fileId;
    this.isFirst = isFirst;
  }

  long number() {
    return number;
  }

  long fileId() {
    return fileId;
  }

  boolean isFirst() {
    return isFirst;
  }
}
