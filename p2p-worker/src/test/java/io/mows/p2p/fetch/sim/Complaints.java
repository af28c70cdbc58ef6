// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import java.util.ArrayList;
import java.util.List;

/** What is against the rules, in the order in which it was found. */
final class Complaints {
  private final List<String> all = new ArrayList<>();

  void add(String complaint) {
    all.add(complaint);
  }

  boolean isAny() {
    return !all.isEmpty();
  }

  @Override
  public String toString() {
    return all.size() <= 3 ? all.toString() : all.subList(0, 3) + " and more";
  }
}
