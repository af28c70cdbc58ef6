// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

/** A fetch has ended; ask the engine for a new one. */
final class RetiredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RetiredException() {
    super("The fetch of this file has ended", null, false, false);
  }
}
