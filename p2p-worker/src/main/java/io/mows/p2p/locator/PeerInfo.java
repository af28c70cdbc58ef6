// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import io.mows.p2p.piece.Rendezvous;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Who a peer is and where it serves. Immutable; equal if all fields are. */
public final class PeerInfo {
  public static final int MAX_ID_BYTES = 256;
  static final int MAX_ADDRESS_BYTES = 256;
  public static final int MAX_GROUP_BYTES = 256;

  private final String id;
  private final String dataAddress;
  private final String group;
  private final PeerRole role;
  private final long idHash;

  /**
   * @param id unique among all peers and the same after a restart, at most 256 bytes of UTF-8
   * @param dataAddress {@code host:port} of its data channel, at most 256 bytes
   * @param group the service it belongs to, at most 256 bytes
   */
  public PeerInfo(String id, String dataAddress, String group, PeerRole role) {
    this.id = bounded(id, MAX_ID_BYTES, "peer id");
    this.dataAddress = bounded(dataAddress, MAX_ADDRESS_BYTES, "data address");
    this.group = bounded(group, MAX_GROUP_BYTES, "group");
    this.role = Objects.requireNonNull(role);
    this.idHash = Rendezvous.hash(id);
  }

  public static String bounded(String text, int maxBytes, String what) {
    if (text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      throw new IllegalArgumentException(
          "The " + what + " has more than " + maxBytes + " bytes: " + text);
    }
    return text;
  }

  public String id() {
    return id;
  }

  public String dataAddress() {
    return dataAddress;
  }

  public String group() {
    return group;
  }

  public PeerRole role() {
    return role;
  }

  public void write(WireWriter out) {
    out.putText(id).putText(dataAddress).putText(group);
    role.write(out);
  }

  public static PeerInfo read(WireReader in) throws WireException {
    return new PeerInfo(
        in.readText(MAX_ID_BYTES, "a peer id"),
        in.readText(MAX_ADDRESS_BYTES, "a data address"),
        in.readText(MAX_GROUP_BYTES, "a group"),
        PeerRole.read(in));
  }

  /** The hash of the id that every ranking uses, the same number at every worker. */
  public long idHash() {
    return idHash;
  }

  /** {@link #idHash()} of the peer with this id. */
  public static long idHashOf(String id) {
    return Rendezvous.hash(id);
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof PeerInfo)) {
      return false;
    }
    PeerInfo that = (PeerInfo) other;
    return id.equals(that.id)
        && dataAddress.equals(that.dataAddress)
        && group.equals(that.group)
        && role == that.role;
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id + " (" + dataAddress + ", group " + group + ", " + role + ")";
  }
}
