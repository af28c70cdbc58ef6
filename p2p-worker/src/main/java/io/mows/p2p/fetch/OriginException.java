// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.swarm.OriginFault;
import java.util.Optional;

/** The origin did not give what it was asked for. The message says what it said. */
public final class OriginException extends TransferException {
  private static final long serialVersionUID = 1L;

  private final OriginFault fault;

  public OriginException(OriginFault fault, String message, Throwable cause) {
    super(fault.mayPass() ? Remedy.RETRY : Remedy.STOP, message, cause);
    this.fault = fault;
  }

  public OriginFault fault() {
    return fault;
  }

  /** {@code failure}, if it is the origin's and may pass. */
  public static Optional<OriginException> mayPass(Throwable failure) {
    return failure instanceof OriginException && ((OriginException) failure).fault.mayPass()
        ? Optional.of((OriginException) failure)
        : Optional.empty();
  }
}
