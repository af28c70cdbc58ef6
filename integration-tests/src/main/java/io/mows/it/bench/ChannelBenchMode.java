// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.Locale;

/** What {@link ChannelBench} compares. */
enum ChannelBenchMode {
  DROP,
  STORE,
  CHANNEL,
  ALLUXIO;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
