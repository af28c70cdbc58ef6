// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import java.util.List;

/** One or more properties have values that cannot be used; the message lists all of them. */
public final class MowsConfException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> mistakes;

  MowsConfException(List<String> mistakes) {
    super("The MoWS settings cannot be used:\n  - " + String.join("\n  - ", mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  public List<String> mistakes() {
    return mistakes;
  }
}
