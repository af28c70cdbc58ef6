// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/** Between byte arrays and Ratis' shaded protobuf; arrays that are wrapped must not change. */
final class RatisBytes {
  private RatisBytes() {}

  static ByteString wrap(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  static Message message(byte[] bytes) {
    return Message.valueOf(wrap(bytes));
  }

  static byte[] of(Message message) {
    return message.getContent().toByteArray();
  }
}
