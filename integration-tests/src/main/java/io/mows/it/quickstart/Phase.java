// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import java.util.ArrayList;
import java.util.List;

/** What a quickstart does, in order, and what each part usually takes with 256 MiB on two cores. */
enum Phase {
  MODEL("making and checking the model", 3),
  START_ONE("starting an origin, a master and one worker with MoWS", 8),
  ONE("reading and loading the model on one worker", 8),
  START_SEVERAL("starting an origin, a master and four workers with MoWS", 12),
  SEVERAL("reading the model on three workers at once, cold and warmed up", 25),
  START_STOCK("starting an origin, a master and one stock worker", 8),
  STOCK("the same steps on stock Alluxio", 60);

  private final String title;
  private final int usualSeconds;

  Phase(String title, int usualSeconds) {
    this.title = title;
    this.usualSeconds = usualSeconds;
  }

  static List<Phase> plan(boolean several, boolean compare) {
    List<Phase> plan = new ArrayList<>(List.of(MODEL, START_ONE, ONE));
    if (several) {
      plan.addAll(List.of(START_SEVERAL, SEVERAL));
    }
    if (compare) {
      plan.addAll(List.of(START_STOCK, STOCK));
    }
    return plan;
  }

  String title() {
    return title;
  }

  int usualSeconds() {
    return usualSeconds;
  }
}
