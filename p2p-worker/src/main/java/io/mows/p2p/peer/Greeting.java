// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.p2p.locator.PeerRole;

/** What workers tell each other first on a connection. Immutable. */
final class Greeting {
  private final String group;
  private final PeerRole role;
  private final long session;
  private final boolean important;

  /**
   * @param session another one after each start of the worker
   * @param important whether the sender needs the connection although it may be one too many
   */
  Greeting(String group, PeerRole role, long session, boolean important) {
    this.group = group;
    this.role = role;
    this.session = session;
    this.important = important;
  }

  String group() {
    return group;
  }

  PeerRole role() {
    return role;
  }

  long session() {
    return session;
  }

  boolean isImportant() {
    return important;
  }
}
