// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.Origin;
import io.mows.p2p.fetch.table.Target;

/** What pieces are to come, and from whom. A ticket ends with one event. Returns at once. */
public interface TransferEffects {
  void readOrigin(long ticket, FileSpec file, int piece, Target target);

  /**
   * @param target null for a hedge: its bytes are kept aside until one of the next two
   */
  void download(long ticket, long peerId, FileSpec file, int piece, Target target, boolean urgent);

  /**
   * Reads what a room has whose block is linked, and finds out its CRC32 if that is wanted; ends as
   * a transfer does.
   */
  void readLinked(long ticket, FileSpec file, int piece, Target target);

  /** Puts what was kept aside where it belongs; ends as a transfer does. */
  void copyScratch(long ticket, FileSpec file, int piece, Target target);

  void dropScratch(long ticket);

  /** Calls the transfer off; ends with {@code transferStopped} unless it has ended already. */
  void cancel(long ticket);

  /** A question: as {@link Origin#width}. */
  int originWidth();
}
