// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.Availability;
import java.io.IOException;
import java.util.Optional;

/** What an {@code RdmaChannelProvider} runs on. */
interface RdmaHardware {
  Availability availability();

  /**
   * @param address of the device; empty for the first that there is
   * @throws IOException if there is none; says what to do
   */
  Verbs open(Optional<String> address) throws IOException;

  /** Queue pairs to each peer. */
  int lanes();
}
