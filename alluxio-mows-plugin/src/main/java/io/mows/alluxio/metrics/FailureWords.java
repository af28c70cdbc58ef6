// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import io.mows.channel.Shortage;
import io.mows.channel.StoreException;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.Advised;
import io.mows.p2p.fetch.OriginWait;

/** What the operator is told of a failure: why, and what to do. Immutable. */
final class FailureWords {
  static final String DOWNLOAD_AGAIN =
      "Download it again, put it into the origin and run 'alluxio fs loadMetadata -F' on its"
          + " directory.";

  private static final int MAX_DEPTH = 12;

  private final String cause;
  private final String remedy;

  private FailureWords(String cause, String remedy) {
    this.cause = cause;
    this.remedy = remedy;
  }

  static FailureWords of(Throwable failure) {
    Throwable says = origin(failure);
    String message = says instanceof TransferException ? says.getMessage() : says.toString();
    if (says instanceof Advised) {
      String advice = ((Advised) says).advice();
      boolean inMessage = message.endsWith(". " + advice);
      return new FailureWords(
          inMessage ? message.substring(0, message.length() - advice.length() - 2) : message,
          advice);
    }
    if (StoreException.within(failure).isPresent()) {
      return new FailureWords(
          message, "Run 'alluxio fs mows check': it says what fills this worker's memory.");
    }
    if (Shortage.isOfFiles(failure)) {
      return new FailureWords(message, "Give this worker " + Shortage.MORE_FILES + ".");
    }
    return isOurs(failure)
        ? new FailureWords(
            message,
            "This is a fault of MoWS: the log has its stack trace. alluxio.mows.enabled=false leaves"
                + " a stock worker.")
        : new FailureWords(
            message,
            "'alluxio fs mows check' says what this worker lacks, 'alluxio fs mows status' who else"
                + " has the file.");
  }

  static FailureWords of(OriginWait wait) {
    return new FailureWords(wait.what(), wait.remedy());
  }

  /** A file of weights that is none. */
  static FailureWords ofBroken(String why) {
    return new FailureWords("it is broken at the origin: " + why, DOWNLOAD_AGAIN);
  }

  /** Who speaks for the others: what was wrapped on its way says only where it came through. */
  private static Throwable origin(Throwable failure) {
    Throwable says = failure;
    Throwable each = failure;
    for (int depth = 0; each != null && depth < MAX_DEPTH; depth++) {
      if (each instanceof TransferException) {
        says = each;
      }
      each = each.getCause();
    }
    return says;
  }

  /** Whether nobody but us can have made it. */
  static boolean isOurs(Throwable failure) {
    return failure instanceof RuntimeException || failure instanceof Error;
  }

  String cause() {
    return cause;
  }

  String remedy() {
    return remedy;
  }
}
