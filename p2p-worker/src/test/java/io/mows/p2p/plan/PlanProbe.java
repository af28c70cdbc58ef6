// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import io.mows.p2p.Fields;

/** Looks into a plan for how often its pieces were tried. */
public final class PlanProbe {
  private PlanProbe() {}

  /** How often each piece was tried in vain, and which were given up. */
  public static String attempts(PieceTable plan) {
    Object attempts = Fields.of(Fields.of(plan, "states"), "attempts");
    return Fields.of(attempts, "counts") + " " + Fields.of(attempts, "givenUp");
  }
}
