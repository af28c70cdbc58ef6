// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.concurrent.CompletableFuture;

/** Knows the manifests. Thread-safe; returns at once. */
public interface ManifestSource {
  /** There are none. */
  ManifestSource NONE = file -> CompletableFuture.completedFuture(Expectation.noManifest());

  /**
   * What the manifests say of {@code file} now, or said a moment ago.
   *
   * @return always ends; fails if they cannot be read
   */
  CompletableFuture<Expectation> expected(FileSpec file);
}
