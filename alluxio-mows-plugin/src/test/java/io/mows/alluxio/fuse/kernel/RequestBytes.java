// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import io.mows.alluxio.fuse.kernel.message.Request;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes requests as the kernel does. */
public final class RequestBytes {
  static final long UNIQUE = 77;

  private static final int HEADER_BYTES = 40;

  private final ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());

  private RequestBytes(int opcode, long node) {
    bytes.putInt(4, opcode).putLong(8, UNIQUE).putLong(16, node).position(HEADER_BYTES);
  }

  public static RequestBytes of(int opcode, long node) {
    return new RequestBytes(opcode, node);
  }

  public RequestBytes ints(int... values) {
    for (int value : values) {
      bytes.putInt(value);
    }
    return this;
  }

  RequestBytes longs(long... values) {
    for (long value : values) {
      bytes.putLong(value);
    }
    return this;
  }

  RequestBytes name(String name) {
    bytes.put(name.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
    return this;
  }

  RequestBytes raw(byte[] body) {
    bytes.put(body);
    return this;
  }

  public Request request() {
    bytes.putInt(0, bytes.position());
    return new Request(bytes);
  }
}
