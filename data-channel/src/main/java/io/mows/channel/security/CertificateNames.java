// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.security;

/** Says what an operator can do about certificates that do not name their host. */
public final class CertificateNames {
  private CertificateNames() {}

  /**
   * @param failure what TLS failed with
   * @return what went wrong, and what to do if names are the reason
   */
  public static String explain(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage());
      if (text.contains("subject alternative") || text.contains("No name matching")) {
        return failure
            + ": the certificate of a worker must name, as a subject alternative name, the host or"
            + " address by which the Alluxio master knows it (alluxio.worker.hostname), and by which"
            + " alluxio.mows.locator.addresses does";
      }
    }
    return failure.toString();
  }
}
