// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import alluxio.wire.WorkerInfo;
import alluxio.wire.WorkerNetAddress;

/** Workers as the master lists them. */
public final class Workers {
  private Workers() {}

  public static WorkerInfo worker(String host, long startTimeMs) {
    return new WorkerInfo()
        .setId(host.hashCode())
        .setStartTimeMs(startTimeMs)
        .setState("ACTIVE")
        .setAddress(new WorkerNetAddress().setHost(host).setRpcPort(29999).setWebPort(30000));
  }
}
