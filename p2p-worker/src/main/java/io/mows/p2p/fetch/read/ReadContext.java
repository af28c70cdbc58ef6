// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore;
import io.mows.p2p.fetch.core.Mailbox;
import io.mows.p2p.fetch.table.Visible;
import java.util.function.LongSupplier;

/** What those who read beside the engine's thread need. Immutable; thread-safe. */
public final class ReadContext {
  private final Mailbox mailbox;
  private final ReadViews views;
  private final VisibleFiles visible;
  private final ReaderGate gate;
  private final LocalStore space;
  private final FetchMetrics metrics;
  private final LongSupplier nanoClock;

  public ReadContext(
      Mailbox mailbox,
      ReadViews views,
      VisibleFiles visible,
      ReaderGate gate,
      LocalStore space,
      FetchMetrics metrics,
      LongSupplier nanoClock) {
    this.mailbox = mailbox;
    this.views = views;
    this.visible = visible;
    this.gate = gate;
    this.space = space;
    this.metrics = metrics;
    this.nanoClock = nanoClock;
  }

  public long nowNs() {
    return nanoClock.getAsLong();
  }

  public Visible visible(FileSpec file) {
    return visible.of(file.fileId());
  }

  /** How many pieces of the file are here now. */
  public int arrivedPieces(FileSpec file) {
    FileView view = views.of(file);
    return view == null ? 0 : view.count();
  }

  public Mailbox mailbox() {
    return mailbox;
  }

  public ReadViews views() {
    return views;
  }

  public VisibleFiles visible() {
    return visible;
  }

  public ReaderGate gate() {
    return gate;
  }

  public LocalStore space() {
    return space;
  }

  public FetchMetrics metrics() {
    return metrics;
  }

  public LongSupplier nanoClock() {
    return nanoClock;
  }
}
