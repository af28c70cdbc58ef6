// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.Arrival;

/** A file that arrives as the test says. */
final class FakeArrival implements Arrival {
  volatile State state = State.ARRIVING;
  volatile TransferException failure;
  volatile long arrivedBytes;
  volatile boolean closed;

  @Override
  public State poll() throws TransferException {
    if (failure != null) {
      throw failure;
    }
    return state;
  }

  @Override
  public long arrivedBytes() {
    return arrivedBytes;
  }

  @Override
  public long lengthBytes() {
    return 1_000_000;
  }

  @Override
  public void close() {
    closed = true;
  }
}
