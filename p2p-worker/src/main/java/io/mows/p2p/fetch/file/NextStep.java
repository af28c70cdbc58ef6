// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

/** What {@link FileFetch#advance} has found. */
public enum NextStep {
  /** Nothing, before something happens. */
  NOTHING,
  /** It is to be called again although nothing happens. */
  LOOK_AGAIN,
  /** All of the file is to be fetched anew, from the origin. */
  RESTART
}
