// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.wire.MessageSeal;
import io.mows.p2p.locator.wire.SealException;
import io.mows.p2p.locator.wire.Seals;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.junit.jupiter.api.Test;

final class ClockAnswerTest {
  private static final long NONCE = 7;
  private static final long NOW_MS = 1_700_000_000_000L;

  private final RaftGroupId group = RaftGroupId.randomId();
  private final SealPurpose purpose = new SealPurpose(group);
  private final MessageSeal seal = Seals.of("the right secret");
  private final byte[] answer = ClockAnswer.answer(seal, purpose, NONCE, NOW_MS, 9);

  private RaftClientReply.Builder reply() {
    return RaftClientReply.newBuilder()
        .setClientId(ClientId.randomId())
        .setServerId(RaftPeerId.valueOf("member"))
        .setGroupId(group)
        .setCallId(1);
  }

  @Test
  void shouldTellTheMembersTimeToTheMessageThatItAnswersOnly() throws IOException {
    byte[] sealed =
        ClockAnswer.in(reply().setSuccess().setMessage(RatisBytes.message(answer)).build())
            .orElseThrow();
    assertEquals(NOW_MS, ClockAnswer.timeMs(seal, purpose, NONCE, sealed));
    assertThrows(SealException.class, () -> ClockAnswer.timeMs(seal, purpose, NONCE + 1, sealed));
    MessageSeal other = Seals.of("a wrong secret");
    assertThrows(SealException.class, () -> ClockAnswer.timeMs(other, purpose, NONCE, sealed));
  }

  @Test
  void shouldStandInTheTextOfAnException() {
    Exception cause = new IOException("sent in the past " + ClockAnswer.text(answer));
    RaftClientReply refused =
        reply().setException(new StateMachineException("refused", cause)).build();
    assertArrayEquals(
        Arrays.copyOfRange(answer, 1, answer.length), ClockAnswer.in(refused).orElseThrow());
    RaftClientReply other = reply().setException(new StateMachineException("refused")).build();
    assertTrue(ClockAnswer.in(other).isEmpty());
    RaftClientReply empty = reply().setSuccess().setMessage(Message.EMPTY).build();
    assertEquals(Optional.empty(), ClockAnswer.in(empty));
  }

  @Test
  void shouldFollowTheMembersClock() {
    AtomicLong wallMs = new AtomicLong(NOW_MS);
    MemberClock clock = new MemberClock("host:29990", wallMs::get);
    assertEquals(NOW_MS, clock.nowMs());
    assertFalse(clock.isOff());
    clock.learn(NOW_MS + 600_000);
    wallMs.addAndGet(5);
    assertEquals(NOW_MS + 600_005, clock.nowMs());
    assertEquals(
        "The clock of the locator's member host:29990 is 600 s ahead of this worker's", "" + clock);
    assertTrue(clock.isOff());
    clock.learn(NOW_MS + 5);
    assertFalse(clock.isOff(), "as soon as somebody has mended it");
  }
}
