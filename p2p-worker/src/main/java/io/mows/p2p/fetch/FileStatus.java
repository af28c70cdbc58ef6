// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.Optional;

/** What a worker has of one file at one moment. Immutable. */
public final class FileStatus {
  private final long lengthBytes;
  private final long heldBytes;
  private final boolean whole;
  private final boolean arriving;
  private final Proof proof;
  private final ArrivedBytes.Arrived arrived;
  private final Optional<String> waitsFor;

  /** Whether the bytes are what a manifest says. */
  public enum Proof {
    /** All of the file is in memory, and it is what its manifest says. */
    PROVEN,
    /** A manifest names the file, which is not proven yet. */
    UNPROVEN,
    /** No manifest names the file, or this worker has not asked yet, or does not ask. */
    NONE,
    /** It is not what its manifest says: nobody gets it. */
    WRONG
  }

  public FileStatus(
      long lengthBytes,
      long heldBytes,
      boolean whole,
      boolean arriving,
      Proof proof,
      ArrivedBytes.Arrived arrived,
      Optional<String> waitsFor) {
    this.lengthBytes = lengthBytes;
    this.heldBytes = heldBytes;
    this.whole = whole;
    this.arriving = arriving;
    this.proof = proof;
    this.arrived = arrived;
    this.waitsFor = waitsFor;
  }

  public long lengthBytes() {
    return lengthBytes;
  }

  /** In this worker's memory now. */
  public long heldBytes() {
    return heldBytes;
  }

  /** Whether all of it is in memory, and nothing is still to be done for that. */
  public boolean isWhole() {
    return whole;
  }

  /** Whether it is being fetched. */
  public boolean isArriving() {
    return arriving;
  }

  public Proof proof() {
    return proof;
  }

  /** Fetched from the origin since the worker started, again and again if it was evicted. */
  public long originBytes() {
    return arrived.originBytes;
  }

  /** Fetched from peers since the worker started. */
  public long peerBytes() {
    return arrived.peerBytes;
  }

  /** Fetched in the last {@link #recentNs}. */
  public long recentBytes() {
    return arrived.recentBytes;
  }

  /** Some seconds at most; 0 if nothing has come lately. */
  public long recentNs() {
    return arrived.recentNs;
  }

  /** Such as an origin that is away; empty if it waits for nothing but its bytes. */
  public Optional<String> waitsFor() {
    return waitsFor;
  }
}
