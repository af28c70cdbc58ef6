// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import io.mows.channel.HostPort;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.peer.Reachability;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a worker can tell of its own address before anybody has dialled it. It looks once, when the
 * worker starts: a name server may make it wait.
 */
public final class AddressChecks {
  public static final String SUBJECT = "address";

  private static final String REMEDY =
      "alluxio.worker.hostname of that worker must be a name or an address by which the others reach"
          + " it, not one behind NAT or of a pod network that they have no route to, and no firewall"
          + " may stand before its data port";

  private AddressChecks() {}

  /**
   * @param self where this worker says that it listens
   * @param isIpv4Only whether this JVM has no IPv6 ({@code java.net.preferIPv4Stack})
   * @param names looks names up
   */
  public static Optional<Finding> name(HostPort self, boolean isIpv4Only, Names names) {
    boolean isIpv6 = self.address().filter(Inet6Address.class::isInstance).isPresent();
    if (isIpv6 && isIpv4Only) {
      return Optional.of(
          Finding.problem(
              SUBJECT,
              "alluxio.worker.hostname is the IPv6 address "
                  + self.host()
                  + ", but this JVM has no IPv6 (java.net.preferIPv4Stack=true, which Alluxio's"
                  + " scripts set): it reaches no worker, and none reaches it",
              "export _JAVA_OPTIONS=-Djava.net.preferIPv4Stack=false in conf/alluxio-env.sh, then"
                  + " restart"));
    }
    if (self.address().isPresent()) {
      return Optional.empty();
    }
    try {
      names.lookUp(self.host());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          Finding.problem(
              SUBJECT,
              "no name server or hosts file of this machine knows this worker's own name, "
                  + self.host()
                  + ": other workers may not find it either",
              "set alluxio.worker.hostname to a name or an address that all workers know"));
    }
  }

  /**
   * Whether this worker could host the locator when it is its turn.
   *
   * @param bindHost where it would listen
   */
  public static Optional<Finding> locatorPort(String bindHost, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(bindHost, port));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          Finding.note(
              SUBJECT,
              "the locator's port could not be had when this worker started ("
                  + bindHost
                  + ", port "
                  + port
                  + ": "
                  + e.getMessage()
                  + "): this worker cannot host the locator, another one has to",
              "free the port, or name the locator's workers and their port in"
                  + " alluxio.mows.locator.addresses"));
    }
  }

  /**
   * What another worker says that has dialled this one, and what this one says of those that it has
   * dialled: who is not reached is often not reached by {@code check} either.
   *
   * @param self as this worker announces itself
   */
  public static List<Finding> reached(PeerInfo self, Reachability found) {
    List<Finding> findings = new ArrayList<>();
    own(self, found).ifPresent(findings::add);
    for (String other : found.unreached()) {
      findings.add(
          Finding.problem(SUBJECT, "this worker does not reach another one, " + other, REMEDY));
    }
    return findings;
  }

  private static Optional<Finding> own(PeerInfo self, Reachability found) {
    String where = self.dataAddress();
    if (found.silent().isPresent()) {
      return Optional.of(
          Finding.note(
              SUBJECT,
              "no worker could be asked whether it reaches this one: " + found.silent().get(),
              "let this worker reach the data port of the others"));
    }
    return found
        .answeredBy()
        .map(
            peer ->
                found.obstacle().isEmpty()
                    ? Finding.ok(SUBJECT, peer + " reaches this worker at " + where)
                    : Finding.problem(
                        SUBJECT,
                        peer
                            + " does not reach this worker at "
                            + where
                            + " ("
                            + found.obstacle().get()
                            + "): others take from it only what it connects to them for",
                        REMEDY));
  }

  /** All that is found at the start. */
  public static List<Finding> of(
      HostPort self, boolean isIpv4Only, Names names, Optional<Finding> port) {
    List<Finding> findings = new ArrayList<>();
    name(self, isIpv4Only, names).ifPresent(findings::add);
    port.ifPresent(findings::add);
    return findings;
  }

  /** A resolver. */
  @FunctionalInterface
  public interface Names {
    /** Blocks; fails for a name that is not known. */
    void lookUp(String host) throws IOException;
  }
}
