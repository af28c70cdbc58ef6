// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import java.util.function.Consumer;

/** Takes what has happened, from any thread, for {@link FetchCore} to handle in that order. */
public interface Mailbox {
  /**
   * Hands over an event; never handles it at once.
   *
   * @param event calls one method of what it is given
   * @return false if the engine is closed and the event will not be handled
   */
  boolean post(Consumer<FetchInput> event);
}
