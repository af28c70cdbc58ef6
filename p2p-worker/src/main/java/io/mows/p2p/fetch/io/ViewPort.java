// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.Waiters;
import io.mows.p2p.fetch.read.FileView;
import io.mows.p2p.fetch.read.ReadViews;
import io.mows.p2p.fetch.read.UncachedBuffers;
import io.mows.p2p.fetch.read.VisibleFiles;
import io.mows.p2p.fetch.state.ViewEffects;
import io.mows.p2p.fetch.table.UncachedSlots;
import io.mows.p2p.fetch.table.Visible;
import java.util.Map;

/** Shows readers what is here. Methods are for the engine's thread. */
public final class ViewPort implements ViewEffects {
  private final ReadViews views;
  private final VisibleFiles visible;
  private final UncachedBuffers buffers;
  private final StorePort store;

  public ViewPort(ReadViews views, VisibleFiles visible, UncachedBuffers buffers, StorePort store) {
    this.views = views;
    this.visible = visible;
    this.buffers = buffers;
    this.store = store;
  }

  @Override
  public void begin(FileSpec file, int fetch) {
    views.begin(file, fetch);
  }

  @Override
  public void end(FileSpec file, int fetch) {
    views.end(file, fetch);
  }

  @Override
  public void publishShare(FileSpec file, int block, int piece, long room) {
    views.of(file).publishShare(block, piece, room, store.file(room));
  }

  @Override
  public void publish(FileSpec file, int piece, long slot) {
    views.of(file).publish(piece, slot == UncachedSlots.NONE ? null : buffers.of(slot));
  }

  @Override
  public void unpublish(FileSpec file, int piece) {
    views.of(file).unpublish(piece);
  }

  @Override
  public void freeSlot(long slot) {
    buffers.free(slot);
  }

  @Override
  public void see(long fileId, Visible now) {
    visible.see(fileId, now);
  }

  @Override
  public void waiters(FileSpec file, Waiters waiters) {
    FileView view = views.of(file);
    if (view != null) {
      view.wait(waiters);
    }
  }

  @Override
  public void originWaits(Map<Long, OriginWait> waits) {
    views.originWaits(waits);
  }
}
