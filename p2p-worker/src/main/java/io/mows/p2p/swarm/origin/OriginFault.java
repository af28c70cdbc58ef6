// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

/** Why the origin does not give what it was asked for. */
public enum OriginFault {
  /** It cannot be reached, does not answer in time, breaks off, or says that it is overloaded. */
  AWAY(true),
  /** It has been asked and has not sent anything yet. It may be away, or answer in a moment. */
  SILENT(true),
  /** It answers that we may not have it: credentials, permissions, clocks. */
  DENIED(true),
  /** It has been asked again and still says that there is no such file. */
  GONE(false),
  /** It has another version than the one that was asked for. */
  CHANGED(false);

  private final boolean mayPass;

  OriginFault(boolean mayPass) {
    this.mayPass = mayPass;
  }

  /** Whether it is worth waiting: the same question may have another answer later. */
  public boolean mayPass() {
    return mayPass;
  }
}
