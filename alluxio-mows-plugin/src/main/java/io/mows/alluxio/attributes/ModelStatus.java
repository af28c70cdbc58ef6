// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.attributes;

import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.fetch.FileStatus.Proof;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** What a worker has of some files together, of those of a model say. Immutable. */
public final class ModelStatus {
  private int files;
  private int wholeFiles;
  private long bytes;
  private long heldBytes;
  private long originBytes;
  private long peerBytes;
  private long recentBytes;
  private long recentNs;
  private long arrivingBytes;
  private boolean arriving;
  private Optional<String> waitsFor = Optional.empty();
  private final Map<Proof, Integer> proofs = new EnumMap<>(Proof.class);
  private final boolean passthrough;
  private final boolean partial;

  private ModelStatus(boolean passthrough, boolean partial) {
    this.passthrough = passthrough;
    this.partial = partial;
  }

  /**
   * @param passthrough whether the kernel reads each of the files by itself once it is whole
   * @param partial whether there are more files than these
   */
  public static ModelStatus of(Iterable<FileStatus> files, boolean passthrough, boolean partial) {
    ModelStatus sum = new ModelStatus(passthrough, partial);
    files.forEach(sum::add);
    return sum;
  }

  private void add(FileStatus file) {
    files++;
    wholeFiles += file.isWhole() ? 1 : 0;
    bytes += file.lengthBytes();
    heldBytes += file.heldBytes();
    originBytes += file.originBytes();
    peerBytes += file.peerBytes();
    recentBytes += file.recentBytes();
    // The files arrive side by side or one after the other: in the same time, all of them.
    recentNs = Math.max(recentNs, file.recentNs());
    proofs.merge(file.proof(), 1, Integer::sum);
    if (file.isArriving()) {
      arriving = true;
      arrivingBytes += file.lengthBytes() - file.heldBytes();
    }
    waitsFor = waitsFor.or(file::waitsFor);
  }

  int files() {
    return files;
  }

  int wholeFiles() {
    return wholeFiles;
  }

  int files(Proof proof) {
    return proofs.getOrDefault(proof, 0);
  }

  /** The lengths of all files. */
  long bytes() {
    return bytes;
  }

  long heldBytes() {
    return heldBytes;
  }

  long originBytes() {
    return originBytes;
  }

  long peerBytes() {
    return peerBytes;
  }

  boolean isWhole() {
    return files > 0 && wholeFiles == files;
  }

  /** {@link Proof#PROVEN} only if all of them are. */
  Proof proof() {
    if (files(Proof.WRONG) > 0) {
      return Proof.WRONG;
    }
    if (files == files(Proof.NONE)) {
      return Proof.NONE;
    }
    return files == files(Proof.PROVEN) ? Proof.PROVEN : Proof.UNPROVEN;
  }

  /** Of the fetches that are running; 0 if none is. */
  long bytesPerSecond() {
    return arriving && recentNs > 0
        ? (long) ((double) recentBytes * TimeUnit.SECONDS.toNanos(1) / recentNs)
        : 0;
  }

  /** When the fetches that are running end, if they go on like this; empty if nobody can tell. */
  OptionalLong endSeconds() {
    long rate = bytesPerSecond();
    return rate == 0
        ? OptionalLong.empty()
        : OptionalLong.of((long) Math.ceil((double) arrivingBytes / rate));
  }

  /** Such as an origin that is away; empty if they wait for nothing but their bytes. */
  Optional<String> waitsFor() {
    return waitsFor;
  }

  boolean passesThrough() {
    return passthrough;
  }

  /** Whether there are more files than these. */
  boolean isPartial() {
    return partial;
  }
}
