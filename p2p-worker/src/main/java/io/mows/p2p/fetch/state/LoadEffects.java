// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.fetch.table.BlockLoad;

/**
 * What those are told who wait for loads, or want to know how busy the worker is. Returns at once.
 */
public interface LoadEffects extends BlockLoad.Answers {
  /** Bytes that have arrived of blocks of this lane that are not complete. */
  void lanePartial(String lane, long bytes);

  void othersFetch(boolean othersFetch);
}
