// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.wire.MessageSeal;
import io.mows.p2p.locator.wire.SealException;
import java.io.IOException;
import java.security.SecureRandom;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * Seals what a worker says to the members of one group, and opens what they answer. Thread-safe.
 */
final class ClientSeal {
  private final MessageSeal seal;
  private final SealPurpose purpose;
  private final SecureRandom random = new SecureRandom();

  ClientSeal(RaftLocatorSettings settings) {
    this.seal = settings.seal();
    this.purpose = new SealPurpose(settings.group().getGroupId());
  }

  SealPurpose purpose() {
    return purpose;
  }

  /** The number of one message. */
  long nonce() {
    return random.nextLong();
  }

  Message seal(String what, long nowMs, long nonce, byte[] payload) {
    return RatisBytes.message(seal.seal(what, nowMs, nonce, payload));
  }

  /**
   * @param nonce of the message that is answered
   * @throws IOException if the member refuses it, or somebody else has answered
   */
  byte[] open(long nonce, ByteString answer) throws IOException {
    if (Refusal.is(answer)) {
      throw new IOException("The locator refuses this worker: " + Refusal.reason(answer));
    }
    return seal.open(purpose.reply(nonce), answer.toByteArray()).message();
  }

  /** The member's time, from its {@link ClockAnswer}. */
  long memberTimeMs(long nonce, byte[] clockAnswer) throws SealException {
    return ClockAnswer.timeMs(seal, purpose, nonce, clockAnswer);
  }
}
