// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.DataChannelProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on real verbs; RdmaGuestIT runs it in a guest with soft-RoCE. */
final class RdmaContractInGuest extends RdmaContractTests {
  /** What the tests of the contract move at least that prove by our own counts that it was RDMA. */
  private static final long LEAST_BYTES = 3L * 9_000_001;

  private static long packetsBefore;

  @Override
  protected DataChannelProvider provider() {
    return new RdmaChannelProvider();
  }

  @BeforeAll
  static void readCounter() {
    packetsBefore = GuestDevice.sentPackets();
  }

  @AfterAll
  static void askTheDevice() {
    long packets = GuestDevice.sentPackets() - packetsBefore;
    assertTrue(packets > LEAST_BYTES / GuestDevice.MTU_BYTES, "the device sent only " + packets);
  }
}
