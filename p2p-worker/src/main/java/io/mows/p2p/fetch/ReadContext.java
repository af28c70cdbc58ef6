// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.function.LongSupplier;

/** What those who read beside the engine's thread need. Immutable; thread-safe. */
final class ReadContext {
  final Mailbox mailbox;
  final ReadViews views;
  final VisibleFiles visible;
  final ReaderGate gate;
  final BlockSpace space;
  final FetchEvents events;
  final LongSupplier nanoClock;

  ReadContext(
      Mailbox mailbox,
      ReadViews views,
      VisibleFiles visible,
      ReaderGate gate,
      BlockSpace space,
      FetchEvents events,
      LongSupplier nanoClock) {
    this.mailbox = mailbox;
    this.views = views;
    this.visible = visible;
    this.gate = gate;
    this.space = space;
    this.events = events;
    this.nanoClock = nanoClock;
  }

  long nowNs() {
    return nanoClock.getAsLong();
  }

  Visible visible(FileSpec file) {
    return visible.of(file.fileId());
  }

  /** How many pieces of the file are here now. */
  int arrivedPieces(FileSpec file) {
    FileView view = views.of(file);
    return view == null ? 0 : view.count();
  }
}
