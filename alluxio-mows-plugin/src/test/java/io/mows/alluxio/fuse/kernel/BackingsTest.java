// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.fuse.kernel.Backings.Backing;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BackingsTest {
  private static final long NODE = 7;
  private final Backings backings = new Backings();

  @Test
  void shouldShareOneBackingAmongAllOpenFilesOfAnInode() {
    FakeBacking backing = new FakeBacking(3);
    assertEquals(Optional.of(3), backings.opened(NODE, () -> Optional.of(backing)));
    assertEquals(Optional.of(3), backings.opened(NODE, () -> Optional.of(new FakeBacking(4))));
    backings.released(NODE);
    assertFalse(backing.closed);
    backings.released(NODE);
    assertTrue(backing.closed);
    assertEquals(0, backings.openInodes());
  }

  @Test
  void shouldNotChangeTheKindOfAnInodeThatIsOpen() {
    assertEquals(Optional.empty(), backings.opened(NODE, Optional::empty));
    assertEquals(Optional.empty(), backings.opened(NODE, () -> Optional.of(new FakeBacking(1))));
    backings.released(NODE);
    assertEquals(Optional.empty(), backings.opened(NODE, () -> Optional.of(new FakeBacking(1))));
    backings.released(NODE);
    backings.released(NODE);
    assertEquals(Optional.of(1), backings.opened(NODE, () -> Optional.of(new FakeBacking(1))));
  }

  @Test
  void shouldCloseAllWhenTheMountEnds() {
    FakeBacking backing = new FakeBacking(3);
    backings.opened(NODE, () -> Optional.of(backing));
    backings.opened(NODE + 1, Optional::empty);
    backings.closeAll();
    assertTrue(backing.closed);
    assertEquals(0, backings.openInodes());
    backings.released(NODE);
  }

  private static final class FakeBacking implements Backing {
    private final int id;
    private boolean closed;

    FakeBacking(int id) {
      this.id = id;
    }

    @Override
    public int id() {
      return id;
    }

    @Override
    public void close() {
      assertFalse(closed, "closed twice");
      closed = true;
    }
  }
}
