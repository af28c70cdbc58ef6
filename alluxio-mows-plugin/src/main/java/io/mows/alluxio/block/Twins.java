// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import io.mows.p2p.fetch.FileSpec;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Finds complete blocks of other files that have the same bytes, because both files are one file at
 * the origin (docs/adr/0043). Thread-safe.
 */
public final class Twins implements AutoCloseable {
  private final FileCatalog catalog;
  private final LongPredicate mayShow;
  private final SameFiles same;

  /**
   * @param mayShow whether readers may have what is in memory of the file with this id
   */
  public Twins(FileCatalog catalog, LongPredicate mayShow, LongSupplier nanoClock) {
    this.catalog = catalog;
    this.mayShow = mayShow;
    this.same = new SameFiles(nanoClock);
  }

  /**
   * Whether there may be one; answers at once.
   *
   * @param present whether a block is in memory
   */
  boolean mayBe(FileSpec file, int block, LongPredicate present) {
    return catalog.alike(file).stream().anyMatch(other -> isUsable(other, block, present));
  }

  private boolean isUsable(FileSpec other, int block, LongPredicate present) {
    return present.test(other.blockId(block)) && mayShow.test(other.fileId());
  }

  /** The block that has the same bytes. Asks the origin, and waits a short while for it. */
  OptionalLong of(FileSpec file, int block, LongPredicate present) {
    return catalog.alike(file).stream()
        .filter(other -> isUsable(other, block, present) && same.areSame(file, other))
        .mapToLong(other -> other.blockId(block))
        .findFirst();
  }

  @Override
  public void close() {
    same.close();
  }
}
