// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import alluxio.wire.WorkerNetAddress;
import io.mows.channel.HostPort;

/**
 * The name of a worker in what people read, and by which others ask it: where its web server is.
 * Stateless.
 */
public final class WebAddress {
  private WebAddress() {}

  public static String of(WorkerNetAddress address) {
    return HostPort.of(address.getHost(), address.getWebPort()).toString();
  }
}
