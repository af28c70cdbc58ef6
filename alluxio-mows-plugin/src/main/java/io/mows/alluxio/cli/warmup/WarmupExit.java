// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

/** What {@code alluxio fs mows warmup} ends with. */
final class WarmupExit {
  /** Every byte is where it has to be, or the command did what it was asked to. */
  static final int COMPLETE = 0;

  /** Wrong arguments, no such job, or the cluster does not answer. */
  static final int ERROR = 1;

  /** Not complete yet, and on its way. */
  static final int UNDER_WAY = 2;

  /** Not complete, and something stands in the way. */
  static final int FAILING = 3;

  private WarmupExit() {}
}
