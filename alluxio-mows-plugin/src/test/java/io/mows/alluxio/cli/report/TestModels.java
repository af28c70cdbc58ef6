// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import static io.mows.alluxio.locator.FakeLocator.holds;

import io.mows.alluxio.locator.FakeLocator;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;

/** A small cluster: two workers of a service, a warm-up worker, two models. */
final class TestModels {
  static final long GIB = 1L << 30;
  static final FileInfo LLAMA_1 = new FileInfo(10, "/models/llama/1.safetensors", 3 * GIB);
  static final FileInfo LLAMA_2 = new FileInfo(11, "/models/llama/2.safetensors", GIB);
  static final FileInfo LLAMA2 = new FileInfo(20, "/models/llama2/1.safetensors", 2 * GIB);
  static final PeerInfo W1 = new PeerInfo("w1", "w1:29991", "chat", PeerRole.INSTANCE);
  static final PeerInfo W2 = new PeerInfo("w2", "w2:29991", "chat", PeerRole.INSTANCE);
  static final PeerInfo ROOT = new PeerInfo("root", "root:29991", "warm", PeerRole.WARMUP);

  private TestModels() {}

  static FakeLocator directory() {
    PeerLoad busy = new PeerLoad(8 << 20, 100 << 20, GIB, 8 * GIB);
    return new FakeLocator("w1:29990")
        .announce(W1, busy, holds(LLAMA_1, 1000, false), holds(LLAMA_2, 1000, false))
        .announce(W2, PeerLoad.NONE, holds(LLAMA_1, 500, true), holds(LLAMA_2, 1000, false))
        .announce(ROOT, PeerLoad.NONE, holds(LLAMA_1, 250, true), holds(LLAMA2, 1000, false));
  }
}
