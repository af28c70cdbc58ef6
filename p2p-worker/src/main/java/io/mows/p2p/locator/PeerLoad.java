// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;

/** How busy and how full a peer is, as it said with its last heartbeat. Immutable. */
public final class PeerLoad {
  public static final PeerLoad NONE = new PeerLoad(0, 0, 0, 0);

  private final long outstandingBytes;
  private final long sendBytesPerSecond;
  private final long freeBytes;
  private final long capacityBytes;

  /**
   * @param outstandingBytes asked for by other peers and not sent yet
   * @param sendBytesPerSecond what it sends to other peers now
   * @param freeBytes memory for blocks that is free
   * @param capacityBytes memory for blocks in all
   * @throws IllegalArgumentException if one of them is negative
   */
  public PeerLoad(
      long outstandingBytes, long sendBytesPerSecond, long freeBytes, long capacityBytes) {
    if ((outstandingBytes | sendBytesPerSecond | freeBytes | capacityBytes) < 0) {
      throw new IllegalArgumentException("A load cannot be negative");
    }
    this.outstandingBytes = outstandingBytes;
    this.sendBytesPerSecond = sendBytesPerSecond;
    this.freeBytes = freeBytes;
    this.capacityBytes = capacityBytes;
  }

  public long outstandingBytes() {
    return outstandingBytes;
  }

  public long sendBytesPerSecond() {
    return sendBytesPerSecond;
  }

  public long freeBytes() {
    return freeBytes;
  }

  public long capacityBytes() {
    return capacityBytes;
  }

  public void write(WireWriter out) {
    out.putNumber(outstandingBytes)
        .putNumber(sendBytesPerSecond)
        .putNumber(freeBytes)
        .putNumber(capacityBytes);
  }

  public static PeerLoad read(WireReader in) throws WireException {
    return new PeerLoad(
        in.readNumber(Long.MAX_VALUE, "outstanding bytes"),
        in.readNumber(Long.MAX_VALUE, "bytes per second"),
        in.readNumber(Long.MAX_VALUE, "free bytes"),
        in.readNumber(Long.MAX_VALUE, "capacity"));
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof PeerLoad)) {
      return false;
    }
    PeerLoad that = (PeerLoad) other;
    return outstandingBytes == that.outstandingBytes
        && sendBytesPerSecond == that.sendBytesPerSecond
        && freeBytes == that.freeBytes
        && capacityBytes == that.capacityBytes;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(outstandingBytes * 31 + freeBytes);
  }

  @Override
  public String toString() {
    return outstandingBytes + " bytes to send, " + freeBytes + " of " + capacityBytes + " free";
  }
}
