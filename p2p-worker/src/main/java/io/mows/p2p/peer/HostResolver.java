// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks up host names. */
public interface HostResolver {
  /** That of the operating system: it may block for as long as no name server answers. */
  HostResolver SYSTEM = InetAddress::getByName;

  /** Blocks. */
  InetAddress resolve(String host) throws UnknownHostException;
}
