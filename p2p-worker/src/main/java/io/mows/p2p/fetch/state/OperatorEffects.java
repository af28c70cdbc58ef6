// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

/** What the operator is told. Returns at once. */
public interface OperatorEffects {
  /**
   * Something that may need to be looked after.
   *
   * @param cause null if there is none
   */
  void warn(String message, Throwable cause);

  /** As {@link #warn}, of what needs to be looked after. */
  void error(String message, Throwable cause);
}
