// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

/**
 * What is noted of one file so that it need not be looked at before something happens to it. Each
 * mark belongs to the one class that is named. For one thread.
 */
final class FileMarks {
  /** {@link Worklists}: it is to be sorted in. */
  boolean isTouched;

  /** {@link Worklists}: its plan is to be looked at. */
  boolean isPlanChanged;

  /** {@link Worklists}: which lists it is on, one bit each. */
  int lists;

  /** {@link Worklists}: it counts among those that have something to do. */
  boolean isBusy;

  /** {@link Worklists}: so many of its pieces are in the sum. */
  int backlog;

  /** It has left the swarm. */
  boolean isGone;

  /** {@link Overlay}: so many others of the group take part. */
  int groupPeers;

  /** {@link Gossip}: somebody has less than before; when to tell all again is to be worked out. */
  boolean isRefreshOpen = true;

  /** {@link Gossip}: something has been seen since it was looked at last. */
  boolean hasSeenMore;

  /** {@link Gossip}: before that, no neighbour has to be told all again. */
  long refreshNs;

  /** {@link Gossip}: we may want after all what we have declined. */
  boolean hasDeclined;

  /** {@link OriginChoices}: in which pump {@link #isTooEarly} was worked out. */
  long settledInPump;

  /** {@link OriginChoices}: peers may have it of which we have not heard yet. */
  boolean isTooEarly;

  /** {@link Settling}: it is one of those that are waited for. */
  boolean isSettling;

  /** {@link Settling}: until then, unless it ends sooner. */
  long settlingUntilNs;
}
