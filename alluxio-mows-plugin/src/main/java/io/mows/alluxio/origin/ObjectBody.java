// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;

/**
 * The body of a GET. Closing it early cuts its connection, in place of reading it to its end. For
 * one thread at a time.
 */
final class ObjectBody extends FilterInputStream {
  private final Object object;
  private final Method cut;
  private long leftBytes;

  ObjectBody(InputStream body, long lengthBytes, Object object, Method cut) {
    super(body);
    this.leftBytes = lengthBytes;
    this.object = object;
    this.cut = cut;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    leftBytes -= value < 0 ? 0 : 1;
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    leftBytes -= Math.max(0, count);
    return count;
  }

  @Override
  public long skip(long bytes) throws IOException {
    long skipped = super.skip(bytes);
    leftBytes -= skipped;
    return skipped;
  }

  @Override
  public void close() throws IOException {
    if (leftBytes <= 0) {
      super.close();
      return;
    }
    try {
      cut.invoke(object);
    } catch (ReflectiveOperationException e) {
      throw new IOException("The connection of a read that was given up cannot be cut", e);
    }
  }
}
