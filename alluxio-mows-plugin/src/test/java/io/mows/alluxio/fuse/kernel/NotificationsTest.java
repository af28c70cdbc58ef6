// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NotificationsTest {
  private final FakeSink kernel = new FakeSink();
  private final Notifications notifications = new Notifications(kernel);

  @AfterEach
  void end() {
    notifications.close();
  }

  @Test
  void shouldSayWhichPagesToDrop() throws InterruptedException {
    notifications.dropPages(7);
    assertEquals("pages of 7", kernel.next());
  }

  @Test
  void shouldSayWhichNameToDrop() throws Exception {
    notifications.dropName(5, "größe");
    assertEquals("name größe in 5", kernel.next());
  }

  @Test
  void shouldGoOnAfterOneThatFailed() throws InterruptedException {
    notifications.run(
        () -> {
          throw new IOException("told to fail");
        },
        0);
    notifications.dropPages(7);
    assertEquals("pages of 7", kernel.next());
  }

  @Test
  void shouldSendNothingAfterTheEnd() {
    assertTrue(notifications.awaitEnd());
    notifications.dropPages(7);
    assertEquals(0, kernel.waiting());
  }
}
