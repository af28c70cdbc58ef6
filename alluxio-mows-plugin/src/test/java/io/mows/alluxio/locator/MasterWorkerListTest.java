// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mows.p2p.locator.auto.WorkerRef;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MasterWorkerListTest {
  @Test
  void shouldTakeHostsAsTheMasterSpellsThem() throws IOException {
    LiveWorkers master =
        () -> List.of(Workers.worker("Worker-1.example", 20), Workers.worker("10.0.0.2", 10));
    assertEquals(
        List.of(
            new WorkerRef("Worker-1.example:29990", 20, "Worker-1.example".hashCode()),
            new WorkerRef("10.0.0.2:29990", 10, "10.0.0.2".hashCode())),
        new MasterWorkerList(master).workers());
  }

  @Test
  void shouldPutIpv6AddressesIntoBrackets() throws IOException {
    LiveWorkers master = () -> List.of(Workers.worker("fd79::2", 20));
    assertEquals("[fd79::2]:29990", new MasterWorkerList(master).workers().get(0).locatorAddress());
  }

  @Test
  void shouldPassOnThatTheMasterIsAway() {
    LiveWorkers master =
        () -> {
          throw new IOException("no master");
        };
    assertThrows(IOException.class, () -> new MasterWorkerList(master).workers());
  }
}
