// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.channel.DataChannelProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** The contract on a device in memory: what the code of the channel does, without hardware. */
final class RdmaInMemoryTest extends RdmaContractTests {
  private static final List<FakeHardware> USED = new ArrayList<>();

  private final FakeHardware hardware = new FakeHardware(2);

  RdmaInMemoryTest() {
    USED.add(hardware);
  }

  @Override
  protected DataChannelProvider provider() {
    return new RdmaChannelProvider(hardware);
  }

  @AfterAll
  static void findOpenThings() {
    for (FakeHardware used : USED) {
      used.opened().forEach(verbs -> assertEquals(0, verbs.openThings(), "left open"));
    }
    USED.clear();
  }
}
