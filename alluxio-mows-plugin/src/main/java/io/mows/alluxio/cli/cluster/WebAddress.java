// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import alluxio.wire.WorkerNetAddress;
import io.mows.channel.HostPort;

/** The name of a worker in what commands print, which is where its web server is. Stateless. */
final class WebAddress {
  private WebAddress() {}

  static String of(WorkerNetAddress address) {
    return HostPort.of(address.getHost(), address.getWebPort()).toString();
  }
}
