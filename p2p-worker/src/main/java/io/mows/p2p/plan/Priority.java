// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

/** Why a piece is wanted, the most urgent first. */
public enum Priority {
  /** A reader waits for it. */
  READER,
  /** A load command asked for it. */
  LOAD,
  /** It follows a piece that is read without being cached. */
  STREAM,
  /** It belongs to a model that is being read. */
  READ_AHEAD
}
