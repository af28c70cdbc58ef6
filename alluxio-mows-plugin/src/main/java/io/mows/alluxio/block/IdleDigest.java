// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import io.mows.alluxio.manifest.Sha256Sums;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Computes the SHA-256 of files in memory while nobody needs the processor. For one thread. */
final class IdleDigest {
  private static final int BUFFER_BYTES = 1 << 20;

  /** After so much the block is let go for a moment: somebody may need its room. */
  private static final long LEASE_BYTES = 64L << 20;

  private final LocalStore space;
  private final BooleanSupplier isIdle;
  private final Rest rest;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  IdleDigest(LocalStore space, BooleanSupplier isIdle, Rest rest) {
    this.space = space;
    this.isIdle = isIdle;
    this.rest = rest;
  }

  /** Lets others work. */
  @FunctionalInterface
  interface Rest {
    void after(long workedNs) throws InterruptedException;
  }

  /** Empty if it is not here any more, or something else has begun. */
  Optional<String> sha256(FileSpec file) throws IOException, InterruptedException {
    MessageDigest digest = newDigest();
    for (int block = 0; block < file.layout().blockCount(); block++) {
      long length = file.layout().blockLength(block);
      for (long at = 0; at < length; at += LEASE_BYTES) {
        try (BlockLease lease = space.inspect(file.blockId(block)).orElse(null)) {
          if (lease == null || !add(lease, at, Math.min(length, at + LEASE_BYTES), digest)) {
            return Optional.empty();
          }
        }
      }
    }
    return Optional.of(Sha256Sums.hex(digest.digest()));
  }

  private boolean add(BlockLease lease, long from, long to, MessageDigest digest)
      throws IOException, InterruptedException {
    for (long at = from; at < to; at += buffer.capacity()) {
      if (!isIdle.getAsBoolean()) {
        return false;
      }
      long startNs = System.nanoTime();
      buffer.clear().limit((int) Math.min(buffer.capacity(), to - at));
      lease.file().read(at, buffer);
      digest.update(buffer.flip());
      rest.after(System.nanoTime() - startNs);
    }
    return true;
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
