// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.fuse.kernel.Backings.Backing;
import java.util.ArrayList;
import java.util.List;
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
    assertFalse(backings.released(NODE));
    assertFalse(backing.idClosed);
    backings.released(NODE);
    assertTrue(backing.idClosed);
    assertEquals(0, backings.openInodes());
  }

  @Test
  void shouldKeepWhatWasOpenUntilTheKernelHasForgottenIt() {
    FakeBacking backing = new FakeBacking(3);
    backings.opened(NODE, () -> Optional.of(backing));
    assertFalse(backings.isOnlyKept(NODE));
    assertTrue(backings.released(NODE));
    assertTrue(backings.isOnlyKept(NODE));
    assertFalse(backing.closed);
    backings.forgotten(NODE + 1);
    assertFalse(backing.closed);
    backings.forgotten(NODE);
    assertTrue(backing.closed);
    assertFalse(backings.isOnlyKept(NODE));
    backings.forgotten(NODE);
  }

  @Test
  void shouldKeepOneOfTheSameBlockHoweverOftenItIsOpened() {
    List<FakeBacking> opened = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      FakeBacking next = new FakeBacking(3);
      opened.add(next);
      assertEquals(Optional.of(3), backings.opened(NODE, () -> Optional.of(next)));
      assertFalse(backings.isOnlyKept(NODE));
      assertTrue(backings.released(NODE));
    }
    assertEquals(1, opened.stream().filter(backing -> !backing.closed).count());
  }

  @Test
  void shouldKeepWhatIsMappedFromBeforeTheBlockWasReplaced() {
    FakeBacking old = new FakeBacking(3);
    FakeBacking fresh = new FakeBacking(4);
    backings.opened(NODE, () -> Optional.of(old));
    backings.released(NODE);
    assertEquals(Optional.of(4), backings.opened(NODE, () -> Optional.of(fresh)));
    backings.released(NODE);
    assertEquals(Optional.empty(), backings.opened(NODE, Optional::empty));
    assertTrue(backings.released(NODE), "the two from before are kept");
    assertFalse(old.closed || fresh.closed);
    backings.forgotten(NODE);
    assertTrue(old.closed && fresh.closed);
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
    FakeBacking kept = new FakeBacking(4);
    backings.opened(NODE, () -> Optional.of(backing));
    backings.opened(NODE + 1, Optional::empty);
    backings.opened(NODE + 2, () -> Optional.of(kept));
    backings.released(NODE + 2);
    backings.closeAll();
    assertTrue(backing.closed && kept.closed);
    assertEquals(0, backings.openInodes());
    backings.released(NODE);
  }

  @Test
  void shouldKnowAllThatIsOpenOrKept() {
    FakeBacking kept = new FakeBacking(3);
    FakeBacking open = new FakeBacking(4);
    assertFalse(backings.has(NODE));
    backings.opened(NODE, () -> Optional.of(kept));
    backings.released(NODE);
    backings.opened(NODE, () -> Optional.of(open));
    assertTrue(backings.has(NODE));
    backings.of(NODE).forEach(Backing::empty);
    assertTrue(kept.emptied && open.emptied);
  }

  private static final class FakeBacking implements Backing {
    private final int id;
    private boolean idClosed;
    private boolean closed;
    private boolean emptied;

    FakeBacking(int id) {
      this.id = id;
    }

    @Override
    public int id() {
      return id;
    }

    @Override
    public void closed() {
      assertFalse(idClosed, "closed twice");
      idClosed = true;
    }

    @Override
    public void empty() {
      assertFalse(closed);
      emptied = true;
    }

    @Override
    public boolean isSame(Backing other) {
      return ((FakeBacking) other).id == id;
    }

    @Override
    public void close() {
      assertFalse(closed, "closed twice");
      assertTrue(idClosed);
      closed = true;
    }
  }
}
