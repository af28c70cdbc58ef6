// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Remembers the buffers that were dropped without being released. Netty is told to use it by a
 * system property (see the pom).
 *
 * @param <T> what is watched
 */
public final class LeakRecorder<T> extends ResourceLeakDetector<T> {
  private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

  /** Called by Netty. */
  public LeakRecorder(Class<?> resourceType, int samplingInterval) {
    super(resourceType, samplingInterval);
  }

  /** Called by Netty. */
  public LeakRecorder(Class<?> resourceType, int samplingInterval, long maxActive) {
    super(resourceType, samplingInterval);
  }

  /** Fails if a buffer leaked since the last call. */
  public static void assertNoLeaks() {
    for (int i = 0; i < 3; i++) {
      System.gc();
      System.runFinalization();
      // Leaks are reported when the next buffer is made.
      UnpooledByteBufAllocator.DEFAULT.directBuffer(1).release();
    }
    List<String> found = List.copyOf(LEAKS);
    LEAKS.clear();
    assertEquals(List.of(), found, "leaked buffers");
  }

  @Override
  protected void reportTracedLeak(String resourceType, String records) {
    LEAKS.add(resourceType + records);
  }

  @Override
  protected void reportUntracedLeak(String resourceType) {
    LEAKS.add(resourceType);
  }
}
