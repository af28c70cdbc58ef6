// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.Fields;
import java.util.Map;
import java.util.function.Consumer;

/** Looks into a core for what must not be left when all is at rest. */
public final class CoreProbe {
  private CoreProbe() {}

  /** Tells of what is left. */
  public static void checkRest(FetchCore core, Consumer<String> left) {
    FetchRules rules = Fields.of(core, "rules");
    none("fetches that wait for an answer", Fields.of(rules.fetches, "byNumber"), left);
    none("requests that nobody decides about", Fields.of(rules.serving, "undecided"), left);
    none("pieces that are given to peers", Fields.of(rules.serving, "granted"), left);
    none("readers", Fields.of(rules.readers, "readers"), left);
    none("questions about manifests", Fields.of(rules.appeals, "asked"), left);
  }

  private static void none(String what, Map<?, ?> rows, Consumer<String> left) {
    if (!rows.isEmpty()) {
      left.accept(what + ": " + rows.keySet());
    }
  }
}
