// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.swarm.origin.OriginFault;
import java.util.Optional;

/** The origin did not give what it was asked for. The message says what it said. */
public final class OriginException extends TransferException implements Advised {
  private static final long serialVersionUID = 1L;

  private static final String PUT_BACK =
      "Put it back at the origin; or, if it is meant to be gone, run 'alluxio fs loadMetadata -F' on"
          + " its directory.";

  private final OriginFault fault;
  private final String advice;

  public OriginException(OriginFault fault, String message, Throwable cause) {
    super(fault.mayPass() ? Remedy.RETRY : Remedy.STOP, message, cause);
    this.fault = fault;
    this.advice = fault.mayPass() ? OriginWait.remedy(fault) : PUT_BACK;
  }

  /**
   * @param advice what the operator can do; becomes the end of the message
   */
  public OriginException(OriginFault fault, String message, String advice, Throwable cause) {
    super(fault.mayPass() ? Remedy.RETRY : Remedy.STOP, message + ". " + advice, cause);
    this.fault = fault;
    this.advice = advice;
  }

  @Override
  public String advice() {
    return advice;
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
