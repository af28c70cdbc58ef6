// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.p2p.swarm.message.SwarmMessage;
import java.nio.ByteBuffer;

/** The bytes of a message that goes to one peer after the other: written once. For one thread. */
final class LastEncoded {
  private SwarmMessage last;
  private ByteBuffer bytes;

  /** The bytes of {@code message}, not to be changed; the next caller has a position of its own. */
  ByteBuffer of(SwarmMessage message) {
    if (message != last) {
      bytes = PeerEncoder.encode(message);
      last = message;
    }
    return bytes.duplicate();
  }
}
