// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import io.mows.channel.HostPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/** Finds out whether something listens somewhere by connecting. Stateless. */
public enum PortProbe {
  LISTENS,

  /** The machine itself says that nothing does. */
  REFUSES,

  /** Nobody says anything, or there is no such machine. */
  SILENT;

  private static final int CONNECT_MS = 1_000;

  /** Blocks: for a second at most, and for as long as a name server needs. */
  public static PortProbe at(HostPort where) {
    try (Socket socket = new Socket()) {
      InetSocketAddress address =
          where
              .address()
              .map(ip -> new InetSocketAddress(ip, where.port()))
              .orElseGet(() -> new InetSocketAddress(where.host(), where.port()));
      socket.connect(address, CONNECT_MS);
      return LISTENS;
    } catch (ConnectException e) {
      return REFUSES;
    } catch (IOException | RuntimeException e) {
      return SILENT;
    }
  }

  /**
   * Whether a machine says that neither a locator nor a worker of ours is there.
   *
   * @param locatorAddress {@code host:port}
   * @param dataPort where each of our workers listens, whether it hosts the locator or not
   */
  public static boolean isAbsent(String locatorAddress, int dataPort) {
    Optional<HostPort> locator = HostPort.parse(locatorAddress);
    return locator.isPresent()
        && at(locator.get()) == REFUSES
        && at(HostPort.of(locator.get().host(), dataPort)) == REFUSES;
  }
}
