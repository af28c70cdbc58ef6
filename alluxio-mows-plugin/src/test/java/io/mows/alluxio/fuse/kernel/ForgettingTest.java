// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.alluxio.fuse.kernel.Inodes.Inode;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ForgettingTest {
  private static final long DELAY_MS = 20;
  private final FakeSink kernel = new FakeSink();
  private final Notifications notifications = new Notifications(kernel);
  private final Inodes inodes = new Inodes(id -> 0);
  private final Set<Long> kept = ConcurrentHashMap.newKeySet();
  private final Forgetting forgetting =
      new Forgetting(inodes, kept::contains, notifications, DELAY_MS);
  private final Inode root = inodes.get(Inodes.ROOT);

  @AfterEach
  void end() {
    notifications.close();
  }

  private long keep(Inode parent, String name, long fileId) {
    long node = inodes.lookedUp(parent, name, fileId).node();
    kept.add(node);
    return node;
  }

  @Test
  void shouldDropTheNameOfWhatWasClosed() throws InterruptedException {
    forgetting.closed(keep(root, "w", 1));
    assertEquals("name w in 1", kernel.next());
  }

  @Test
  void shouldDropTheNameInEveryDirectoryThatTheKernelKnowsItIn() throws InterruptedException {
    Inode before = inodes.lookedUp(root, "models", 5);
    Inode after = inodes.lookedUp(root, "models", 6);
    long node = keep(before, "w", 1);
    assertEquals(node, keep(after, "w", 1));
    forgetting.closed(node);
    Set<String> heard = new TreeSet<>();
    heard.add(kernel.next());
    heard.add(kernel.next());
    assertEquals(Set.of("name w in " + before.node(), "name w in " + after.node()), heard);
  }

  @Test
  void shouldLeaveTheNameOfWhatIsOpenAgain() throws InterruptedException {
    long node = keep(root, "w", 1);
    kept.remove(node);
    forgetting.closed(node);
    forgetting.closed(4711);
    forgetting.closed(keep(root, "next", 2));
    assertEquals("name next in 1", kernel.next());
  }

  @Test
  void shouldDropTheNameAgainOnceForManyLookUps() throws InterruptedException {
    long node = keep(root, "w", 1);
    forgetting.lookedUp(inodes.lookedUp(root, "other", 3).node());
    Stream.generate(() -> node).limit(100).forEach(forgetting::lookedUp);
    assertEquals("name w in 1", kernel.next());
    forgetting.lookedUp(node);
    assertEquals("name w in 1", kernel.next());
    assertEquals(0, kernel.waiting());
  }

  @Test
  void shouldNotStandInTheWayOfALookUpThatTakesLong() throws InterruptedException {
    long node = keep(root, "w", 1);
    forgetting.looking(Inodes.ROOT);
    forgetting.looking(Inodes.ROOT);
    forgetting.closed(node);
    forgetting.looked(Inodes.ROOT);
    Thread.sleep(3 * DELAY_MS);
    assertEquals(0, kernel.waiting());
    forgetting.looked(Inodes.ROOT);
    assertEquals("name w in 1", kernel.next());
  }
}
