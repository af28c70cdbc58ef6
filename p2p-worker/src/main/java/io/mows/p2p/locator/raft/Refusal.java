// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import java.nio.charset.StandardCharsets;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * The answer to a question that is not to be answered: a byte that no sealed message starts with,
 * then the reason. It is not sealed, because the asker may have another secret; so it is believed
 * only as far as a failure goes.
 */
final class Refusal {
  private static final byte MARK = 'R';
  private static final int MAX_REASON_BYTES = 1024;

  private Refusal() {}

  static Message message(String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[1 + Math.min(text.length, MAX_REASON_BYTES)];
    bytes[0] = MARK;
    System.arraycopy(text, 0, bytes, 1, bytes.length - 1);
    return RatisBytes.message(bytes);
  }

  static boolean is(ByteString answer) {
    return !answer.isEmpty() && answer.byteAt(0) == MARK;
  }

  static String reason(ByteString answer) {
    return answer.substring(1).toStringUtf8();
  }
}
