// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

/**
 * What {@link Worklists} note of one file so that it need not be looked at before something happens
 * to it. For one thread.
 */
final class FileMarks {
  /** It is to be sorted in. */
  boolean isTouched;

  /** Its plan is to be looked at. */
  boolean isPlanChanged;

  /** Which lists it is on, one bit each. */
  int lists;

  /** It counts among those that have something to do. */
  boolean isBusy;

  /** So many of its pieces are in the sum. */
  int backlog;

  /** It has left the swarm. */
  boolean isGone;
}
