// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import io.mows.alluxio.conf.MowsKey;
import io.mows.channel.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds out which member of a configured locator this worker is. */
final class OwnMember {
  private OwnMember() {}

  /**
   * Compares with the name under which this worker registers; if no member has that, with the
   * addresses of this machine. May block for name look-ups.
   *
   * @param members {@code host:port}
   * @return empty if it is none of them
   * @throws IOException if it is several of them
   */
  static Optional<String> find(List<String> members, String selfHost) throws IOException {
    return find(members, selfHost, OwnMember::isLocal);
  }

  static Optional<String> find(List<String> members, String selfHost, Predicate<String> isLocal)
      throws IOException {
    Optional<String> byName = only(members, host -> HostPort.isSameHost(host, selfHost));
    return byName.isPresent() ? byName : only(members, isLocal);
  }

  private static Optional<String> only(List<String> members, Predicate<String> isOwnHost)
      throws IOException {
    List<String> own =
        members.stream()
            .filter(
                member ->
                    HostPort.parse(member).filter(at -> isOwnHost.test(at.host())).isPresent())
            .collect(Collectors.toList());
    if (own.size() > 1) {
      throw new IOException(
          MowsKey.LOCATOR_ADDRESSES.key()
              + "="
              + String.join(",", members)
              + ": "
              + String.join(" and ", own)
              + " are all this worker; name each worker once");
    }
    return own.stream().findFirst();
  }

  private static boolean isLocal(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (NetworkInterface.getByInetAddress(address) != null) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      // A member that cannot be looked up here is another machine.
      return false;
    }
  }
}
