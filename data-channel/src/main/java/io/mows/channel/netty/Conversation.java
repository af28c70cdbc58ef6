// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.CloseReason;
import io.mows.channel.wire.FrameHandler;

/** What a connection is there for, once the peer is known. For the connection's thread. */
interface Conversation {
  /** What the peer's frames do. */
  FrameHandler frames();

  /** Something has come. */
  void heard(long nowNs);

  /** The connection takes more. */
  void writable();

  /** How long the peer has had a grant; 0 if it has none. */
  long longestGrantNs(long nowNs);

  /** Whether the connection is of no more use to either side. */
  boolean isSuperfluous(long nowNs);

  /** The connection is gone: ends all that is under way on it. */
  void ended(CloseReason reason, String detail);
}
