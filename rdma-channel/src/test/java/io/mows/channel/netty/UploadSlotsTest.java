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
    UploadSlots<String>.Peer a = slots.newPeer(started::add);
    UploadSlots<String>.Peer b = slots.newPeer(started::add);
    a.offer("a1");
    a.offer("a2");
    a.offer("a3");
    b.offer("b1");
    b.offer("b2");
    a.done();
    b.done();
    a.done();
    b.done();
    assertEquals(List.of("a1", "b1", "a2", "b2", "a3"), started);
  }

  @Test
  void shouldKeepToBothCapsAndTheQueue() {
    UploadSlots<String> slots = new UploadSlots<>(3, 2, 2);
    UploadSlots<String>.Peer a = slots.newPeer(started::add);
    UploadSlots<String>.Peer b = slots.newPeer(started::add);
    for (int i = 1; i <= 4; i++) {
      assertTrue(a.offer("a" + i));
    }
    assertFalse(a.offer("a5"), "the queue was full");
    assertTrue(b.offer("b1"));
    assertTrue(b.offer("b2"));
    assertEquals(List.of("a1", "a2", "b1"), started);
    a.done();
    assertEquals(List.of("a1", "a2", "b1", "b2"), started);
  }

  @Test
  void shouldForgetWhatIsWithdrawn() {
    UploadSlots<String> slots = new UploadSlots<>(1, 1, 10);
    UploadSlots<String>.Peer a = slots.newPeer(started::add);
    UploadSlots<String>.Peer b = slots.newPeer(started::add);
    a.offer("a1");
    a.offer("a2");
    b.offer("b1");
    assertTrue(a.withdraw("a2"));
    assertFalse(a.withdraw("a1"), "it has started");
    b.clear();
    a.done();
    assertEquals(List.of("a1"), started);
    b.offer("b2");
    assertEquals(List.of("a1", "b2"), started);
  }
}
