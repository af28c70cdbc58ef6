// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

/** A failure that knows what the operator can do about it. */
public interface Advised {
  /** Sentences for the operator; the failure's message ends with them or leaves them out. */
  String advice();
}
