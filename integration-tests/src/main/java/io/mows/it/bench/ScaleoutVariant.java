// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import com.google.common.collect.ImmutableSet;

/** What brings the bytes to the nodes. */
enum ScaleoutVariant {
  MOWS(
      "mows",
      "MoWS",
      ScaleoutCase.COLD,
      ScaleoutCase.WARM,
      ScaleoutCase.SLOW_ORIGIN,
      ScaleoutCase.CRASH),
  /** Stock Alluxio at the mount options with which it reads cold files fastest. */
  STOCK("stock", "stock, direct_io", ScaleoutCase.COLD, ScaleoutCase.WARM),
  DOWNLOAD("download", "plain download", ScaleoutCase.DOWNLOAD);

  private final String flag;
  private final String title;
  private final ImmutableSet<ScaleoutCase> cases;

  ScaleoutVariant(String flag, String title, ScaleoutCase... cases) {
    this.flag = flag;
    this.title = title;
    this.cases = ImmutableSet.copyOf(cases);
  }

  /** The variant's name on the command line. */
  String flag() {
    return flag;
  }

  /** The variant's name in tables. */
  String title() {
    return title;
  }

  /** Whether the case is measured on this variant. */
  boolean has(ScaleoutCase which) {
    return cases.contains(which);
  }
}
