// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the soft-RoCE device of the guest counts: whoever moves bytes another way does not. */
final class GuestDevice {
  private static final Path SENT_PACKETS =
      Path.of("/sys/class/infiniband/rxe0/ports/1/hw_counters/sent_pkts");

  /** The most payload in a packet. */
  static final int MTU_BYTES = 4_096;

  private GuestDevice() {}

  static long sentPackets() {
    try {
      return Long.parseLong(Files.readString(SENT_PACKETS).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
