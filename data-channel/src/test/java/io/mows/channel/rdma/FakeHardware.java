// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.Availability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A machine whose RDMA device is in memory: one for each channel. */
final class FakeHardware implements RdmaHardware {
  private final int lanes;
  private final List<FakeVerbs> opened = new ArrayList<>();
  private boolean losesDevices;

  FakeHardware(int lanes) {
    this.lanes = lanes;
  }

  /** The devices of the channels, in the order in which they were opened. */
  List<FakeVerbs> opened() {
    return opened;
  }

  /** From now on a device is lost as soon as it is open. */
  void loseDevices() {
    losesDevices = true;
  }

  @Override
  public Availability availability() {
    return Availability.yes("in memory");
  }

  @Override
  public Verbs open(Optional<String> address) {
    FakeVerbs verbs = new FakeVerbs();
    opened.add(verbs);
    if (losesDevices) {
      verbs.lose();
    }
    return verbs;
  }

  @Override
  public int lanes() {
    return lanes;
  }
}
