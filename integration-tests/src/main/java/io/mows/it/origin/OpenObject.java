// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** An object and its open file. Close it. */
final class OpenObject implements BodySource, AutoCloseable {
  private final StoredObject object;
  private final FileChannel channel;

  OpenObject(StoredObject object, FileChannel channel) {
    this.object = object;
    this.channel = channel;
  }

  StoredObject object() {
    return object;
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    long next = position;
    while (target.hasRemaining()) {
      int read = channel.read(target, next);
      if (read < 0) {
        throw new EOFException(object.key() + " became shorter while it was served");
      }
      next += read;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
