// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.fetch.FileSpec;

/** What the store is to do. Calls for one block are carried out in their order. Returns at once. */
public interface StoreEffects {
  /** A question: whether the cache has this block, as far as is known without waiting. */
  boolean isCommitted(long blockId);

  /**
   * Makes room, which is called {@code ticket} from then on. Ends with {@code stored}, or with
   * {@code roomLinked}.
   *
   * @param mayLink whether it may be one more name of a block of another file with the same bytes
   */
  void reserve(long ticket, FileSpec file, int block, boolean mayLink);

  /** Makes the block in {@code room} everybody's. Ends with {@code stored}; see also closeRoom. */
  void commit(long ticket, FileSpec file, int block, long room);

  /** Nobody reads the committed block through {@code room} any more. */
  void closeRoom(FileSpec file, int block, long room);

  /** Takes {@code room} from readers, and gives it back. Ends with {@code stored}. */
  void abort(long ticket, FileSpec file, int block, long room);

  /** Removes a complete block. Ends with {@code stored}. */
  void remove(long ticket, FileSpec file, int block);

  /** Ends with {@code roomAnswered}. */
  void askRoom();
}
