// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.channel.PieceRefusedException;
import java.util.concurrent.TimeUnit;

/** A peer that gives pieces, hangs, lies, and is gone. */
final class FuzzPeer extends SimPeer {
  private static final long HUNG_NS = TimeUnit.SECONDS.toNanos(120);

  private final FuzzWorld world;
  private final SimTime time;
  private boolean isLiar;

  FuzzPeer(SimWorker worker, FuzzWorld world) {
    super(worker, world.time());
    this.world = world;
    this.time = world.time();
  }

  /** Sends bytes that are not what their CRC32 says. */
  void setLiar(boolean liar) {
    isLiar = liar;
  }

  @Override
  void download(SimTransfers.Row row, long peerId, boolean urgent) {
    long connection = world.connection(worker().id(), peerId);
    if (connection < 0) {
      time.later(0, () -> worker().simTransfers().fail(row, gone(), -1));
      return;
    }
    FuzzPeer other = (FuzzPeer) world.worker(peerId).peer();
    boolean hangs = world.isFaulty() && time.oneIn(60);
    time.later(hangs ? HUNG_NS : time.someNs(3), () -> other.asked(row, this, connection, urgent));
  }

  private boolean isConnected(SimPeer other, long connection) {
    return world.connection(worker().id(), other.worker().id()) == connection;
  }

  private void asked(SimTransfers.Row row, FuzzPeer asker, long connection, boolean urgent) {
    if (isConnected(asker, connection)) {
      requested(row, asker, connection, urgent);
    } else {
      asker.worker().simTransfers().fail(row, gone(), -1);
    }
  }

  @Override
  void send(long number, Request request) {
    time.later(
        time.someNs(10),
        () -> {
          boolean sent = isConnected(request.asker, request.connection);
          SimTransfers transfers = request.asker.worker().simTransfers();
          if (!sent) {
            transfers.fail(request.row, gone(), -1);
          } else if (isLiar && time.oneIn(2)) {
            transfers.corrupt(request.row);
          } else {
            request.asker.worker().post(in -> in.transferBegun(request.row.ticket));
            transfers.write(request.row, request.value, true);
          }
          worker().answer("uploadEnded", in -> in.uploadEnded(number, sent));
        });
  }

  @Override
  void refuse(Request request, PieceRefusedException why) {
    time.later(
        time.someNs(2), () -> request.asker.worker().simTransfers().fail(request.row, why, -1));
  }

  @Override
  long silentNs(long peerId) {
    return 0;
  }

  @Override
  void ping(long peerId) {
    // These connections say nothing by themselves.
  }
}
