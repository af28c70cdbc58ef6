// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Reads notifications as the kernel does. */
final class FakeSink implements Notifications.Sink {
  private static final int INVAL_INODE = 2;
  private static final int INVAL_ENTRY = 3;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  @Override
  public void write(ByteBuffer notification) {
    assertTrue(notification.isDirect());
    assertEquals(notification.remaining(), notification.getInt());
    int code = notification.getInt();
    assertEquals(0, notification.getLong(), "it would be an answer");
    heard.add(code == INVAL_ENTRY ? name(notification) : pages(code, notification));
  }

  private static String name(ByteBuffer body) {
    long parent = body.getLong();
    byte[] name = new byte[body.getInt()];
    assertEquals(0, body.getInt(), "no flags");
    body.get(name);
    assertEquals(0, body.get(), "the name ends with a zero");
    assertEquals(0, body.remaining());
    return "name " + new String(name, StandardCharsets.UTF_8) + " in " + parent;
  }

  private static String pages(int code, ByteBuffer body) {
    assertEquals(INVAL_INODE, code);
    assertEquals(ByteOrder.nativeOrder(), body.order());
    long node = body.getLong();
    assertEquals(0, body.getLong(), "from the start");
    assertEquals(0, body.getLong(), "to the end");
    return "pages of " + node;
  }

  /** The next notification; waits for it. */
  String next() throws InterruptedException {
    return heard.poll(30, TimeUnit.SECONDS);
  }

  /** How many were not asked for with {@link #next}. */
  int waiting() {
    return heard.size();
  }
}
