// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.fetch.core.FetchInput;

/** One file whose members the locator is asked for. Immutable. */
public final class MemberQuestion {
  private final long number;
  private final long fileId;
  private final boolean isFirst;

  /**
   * @param number for {@link FetchInput#members}
   * @param isFirst whether the file was never asked for before
   */
  public MemberQuestion(long number, long fileId, boolean isFirst) {
    this.number = number;
    this.fileId = fileId;
    this.isFirst = isFirst;
  }

  public long number() {
    return number;
  }

  public long fileId() {
    return fileId;
  }

  public boolean isFirst() {
    return isFirst;
  }
}
