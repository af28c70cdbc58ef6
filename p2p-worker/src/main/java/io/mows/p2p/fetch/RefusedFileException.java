// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;

/** Nobody gets a file as it is. The message says why, and what to do. */
public final class RefusedFileException extends TransferException implements Advised {
  private static final long serialVersionUID = 1L;

  private final String advice;

  public RefusedFileException(String message, String advice) {
    super(Remedy.STOP, message + ". " + advice);
    this.advice = advice;
  }

  @Override
  public String advice() {
    return advice;
  }
}
