// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

import io.mows.p2p.Fields;
import java.util.Map;
import java.util.TreeMap;

/** Looks into the gates of origins for what they are blamed for. */
public final class OriginProbe {
  private OriginProbe() {}

  /** What has failed in a row, by mount point and by file, and until when it is not asked again. */
  public static String failures(OriginGates gates) {
    StringBuilder text = new StringBuilder();
    Map<Long, OriginGate> mounts = Fields.of(gates, "mounts");
    new TreeMap<>(mounts).forEach((mount, gate) -> add(text, "mount " + mount, gate));
    Map<Long, ?> files = Fields.of(gates, "files");
    new TreeMap<>(files)
        .forEach((file, gate) -> add(text, "file " + file, Fields.of(gate, "gate")));
    return text.toString();
  }

  private static void add(StringBuilder text, String what, OriginGate gate) {
    if (gate.isFailing()) {
      text.append(what).append(": ").append(Fields.<Integer>of(gate, "inARow"));
      text.append(" until ").append(Fields.<Long>of(gate, "nextNs")).append("; ");
    }
  }
}
