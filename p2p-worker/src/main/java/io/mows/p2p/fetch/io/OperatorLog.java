// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.p2p.fetch.state.OperatorEffects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator in the log. Thread-safe. */
public final class OperatorLog implements OperatorEffects {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorLog.class);

  @Override
  public void warn(String message, Throwable cause) {
    LOG.warn("{}", message, cause);
  }

  @Override
  public void error(String message, Throwable cause) {
    LOG.error("{}", message, cause);
  }
}
