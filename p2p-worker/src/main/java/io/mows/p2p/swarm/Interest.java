// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

/** Why a piece is wanted, the most urgent first. */
enum Interest {
  /** A reader waits for it. */
  DEMANDED,
  /** A load command asked for it. */
  WANTED,
  /** It follows a piece that is read without being cached. */
  WINDOW,
  /** It belongs to a model that is being read. */
  AHEAD
}
