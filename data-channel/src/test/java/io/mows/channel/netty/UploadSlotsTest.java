// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UploadSlotsTest {
  private final List<String> started = new ArrayList<>();

  @Test
  void shouldLetPeersTakeTurns() {
    UploadSlots<String> slots = new UploadSlots<>(1, 1, 10);
    UploadSlots<String>.Peer a = slots.newPeer();
    UploadSlots<String>.Peer b = slots.newPeer();
    a.offer("a1", started::add);
    a.offer("a2", started::add);
    a.offer("a3", started::add);
    b.offer("b1", started::add);
    b.offer("b2", started::add);
    a.done();
    b.done();
    a.done();
    b.done();
    assertEquals(List.of("a1", "b1", "a2", "b2", "a3"), started);
  }

  @Test
  void shouldKeepToBothCapsAndTheQueue() {
    UploadSlots<String> slots = new UploadSlots<>(3, 2, 2);
    UploadSlots<String>.Peer a = slots.newPeer();
    UploadSlots<String>.Peer b = slots.newPeer();
    for (int i = 1; i <= 4; i++) {
      assertTrue(a.offer("a" + i, started::add));
    }
    assertFalse(a.offer("a5", started::add), "the queue was full");
    assertTrue(b.offer("b1", started::add));
    assertTrue(b.offer("b2", started::add));
    assertEquals(List.of("a1", "a2", "b1"), started);
    a.done();
    assertEquals(List.of("a1", "a2", "b1", "b2"), started);
  }

  @Test
  void shouldForgetWhatIsWithdrawn() {
    UploadSlots<String> slots = new UploadSlots<>(1, 1, 10);
    UploadSlots<String>.Peer a = slots.newPeer();
    UploadSlots<String>.Peer b = slots.newPeer();
    a.offer("a1", started::add);
    a.offer("a2", started::add);
    b.offer("b1", started::add);
    assertTrue(a.withdraw("a2"));
    assertFalse(a.withdraw("a1"), "it has started");
    assertTrue(b.withdraw("b1"));
    a.done();
    assertEquals(List.of("a1"), started);
    b.offer("b2", started::add);
    assertEquals(List.of("a1", "b2"), started);
  }
}
