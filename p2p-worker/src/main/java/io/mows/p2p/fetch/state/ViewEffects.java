// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.Waiters;
import io.mows.p2p.fetch.table.UncachedSlots;
import io.mows.p2p.fetch.table.Visible;
import java.util.Map;

/** What readers see of files, when the call returns. Returns at once. */
public interface ViewEffects {
  /** A fetch of the file begins: nothing of it can be read through it yet. */
  void begin(FileSpec file, int fetch);

  /** It is over. */
  void end(FileSpec file, int fetch);

  /** The share of {@code piece} in {@code block} can be read from {@code room}. */
  void publishShare(FileSpec file, int block, int piece, long room);

  /** {@code piece} is here; in {@code slot} as well, if that is not {@link UncachedSlots#NONE}. */
  void publish(FileSpec file, int piece, long slot);

  void unpublish(FileSpec file, int piece);

  void freeSlot(long slot);

  /** What may be shown of a file is another thing now. */
  void see(long fileId, Visible visible);

  void waiters(FileSpec file, Waiters waiters);

  /** The files that wait for their origins. */
  void originWaits(Map<Long, OriginWait> waits);
}
