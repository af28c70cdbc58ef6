// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.wire.MessageSeal;
import io.mows.p2p.locator.wire.SealException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.thirdparty.com.google.common.io.BaseEncoding;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * What a member says to a message that is genuine and whose time is too far from its own: that
 * time, sealed for the number of this message, so that nobody else can say it, nor say it later.
 * The sender sends again what it has to say, by the member's clock. What comes twice is found out
 * as before, because the member judges by no clock but its own.
 *
 * <p>The answer to a question is a byte that no other answer starts with, then the seal. An entry
 * can only be refused by an exception, of which the text travels; so the seal stands in it.
 */
final class ClockAnswer {
  private static final byte MARK = 'C';
  private static final BaseEncoding HEX = BaseEncoding.base16();
  private static final Pattern IN_TEXT = Pattern.compile("\\[clock ([0-9A-F]+)]");

  private ClockAnswer() {}

  /**
   * @param nonce of the message
   * @param random of the answer
   */
  static byte[] answer(MessageSeal seal, SealPurpose purpose, long nonce, long nowMs, long random) {
    byte[] sealed = seal.seal(purpose.clock(nonce), nowMs, random, new byte[0]);
    byte[] answer = new byte[1 + sealed.length];
    answer[0] = MARK;
    System.arraycopy(sealed, 0, answer, 1, sealed.length);
    return answer;
  }

  /** As it can stand in the text of an exception. */
  static String text(byte[] answer) {
    return "[clock " + HEX.encode(answer, 1, answer.length - 1) + "]";
  }

  /** The seal, if this is what the reply says. */
  static Optional<byte[]> in(RaftClientReply reply) {
    if (reply.getException() != null) {
      return inText(reply.getException());
    }
    ByteString content = reply.getMessage().getContent();
    return !content.isEmpty() && content.byteAt(0) == MARK
        ? Optional.of(content.substring(1).toByteArray())
        : Optional.empty();
  }

  private static Optional<byte[]> inText(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Matcher text = IN_TEXT.matcher(String.valueOf(cause.getMessage()));
      if (text.find() && HEX.canDecode(text.group(1))) {
        return Optional.of(HEX.decode(text.group(1)));
      }
    }
    return Optional.empty();
  }

  /**
   * The member's time.
   *
   * @throws SealException if it is not the member that says so, or not to this message
   */
  static long timeMs(MessageSeal seal, SealPurpose purpose, long nonce, byte[] sealed)
      throws SealException {
    return seal.open(purpose.clock(nonce), sealed).timeMs();
  }
}
