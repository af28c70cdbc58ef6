// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where something listens: a host, by its name or its IP address, and a port. Written {@code
 * host:port}, an IPv6 address in brackets, as in URLs. Every such text is made and read here.
 * Immutable; equal if both parts are, letter by letter.
 */
public final class HostPort {
  /** What to write. */
  public static final String SYNTAX = "host:port, or [address]:port for an IPv6 address";

  private static final int MAX_PORT = (1 << 16) - 1;
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

  /** What a resolver would never be asked about; whether it is an address the JDK says. */
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F]*:[0-9a-fA-F:.]*(%[\\w.-]+)?");

  private static final Pattern NAME = Pattern.compile("[^\\s:/\\[\\]]+");

  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  private final String host;
  private final int port;

  private HostPort(String host, int port) {
    this.host = host;
    this.port = port;
  }

  /**
   * @param host a name or an address, an IPv6 address with or without brackets; is believed
   */
  public static HostPort of(String host, int port) {
    return new HostPort(isBracketed(host) ? host.substring(1, host.length() - 1) : host, port);
  }

  /** Empty if it is not {@link #SYNTAX}. Without brackets nobody knows where IPv6 ends. */
  public static Optional<HostPort> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    String port = text.substring(colon + 1);
    boolean isHost =
        isBracketed(host)
            ? IPV6.matcher(host.substring(1, host.length() - 1)).matches()
            : NAME.matcher(host).matches();
    if (!isHost || !PORT.matcher(port).matches()) {
      return Optional.empty();
    }
    int number = Integer.parseInt(port);
    return number > 0 && number <= MAX_PORT ? Optional.of(of(host, number)) : Optional.empty();
  }

  private static boolean isBracketed(String host) {
    return host.startsWith("[") && host.endsWith("]") && host.indexOf(':') > 0;
  }

  /** A name or an address, without brackets. */
  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** What {@link #host} is if it is an address, and so nothing to look up; empty for a name. */
  public Optional<InetAddress> address() {
    return address(host);
  }

  private static Optional<InetAddress> address(String host) {
    if (!IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      // An interface, as in fe80::1%eth0, that is not here.
      return Optional.empty();
    }
  }

  /**
   * Whether two hosts are the same in other words, too: {@code fd79:0:0::2} and {@code fd79::2}.
   */
  public static boolean isSameHost(String one, String other) {
    if (one.equalsIgnoreCase(other)) {
      return true;
    }
    Optional<InetAddress> address = address(one);
    return address.isPresent()
        && address(other)
            .filter(found -> Arrays.equals(found.getAddress(), address.get().getAddress()))
            .isPresent();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostPort
        && host.equals(((HostPort) other).host)
        && port == ((HostPort) other).port;
  }

  @Override
  public int hashCode() {
    return 31 * host.hashCode() + port;
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
