// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.DateParser;

/** Checks signatures, and with them finds out what a request addresses. Immutable. */
final class OssAuthenticator {
  private final String accessKeyId;
  private final String accessKeySecret;

  OssAuthenticator(String accessKeyId, String accessKeySecret) {
    this.accessKeyId = accessKeyId;
    this.accessKeySecret = accessKeySecret;
  }

  /**
   * What the signed request addresses; its bucket need not exist.
   *
   * @throws OssException as OSS answers a request that is unsigned, late, or signed with a wrong
   *     key
   */
  OssAddress authenticate(OssRequest request, Collection<String> buckets) throws OssException {
    String authorization = request.header("Authorization");
    if (authorization.isEmpty()) {
      throw OssException.accessDenied("Anonymous access is forbidden for this operation.");
    }
    int colon = authorization.indexOf(':');
    if (!authorization.startsWith(OssSignature.SCHEME) || colon < 0) {
      throw OssException.invalidArgument("Authorization", authorization);
    }
    String id = authorization.substring(OssSignature.SCHEME.length(), colon);
    if (!id.equals(accessKeyId)) {
      throw OssException.invalidAccessKeyId(id);
    }
    checkDate(request);
    byte[] provided = authorization.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
    List<OssAddress> addresses = request.possibleAddresses(buckets);
    for (OssAddress address : addresses) {
      String expected =
          OssSignature.sign(OssSignature.stringToSign(request, address), accessKeySecret);
      if (MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), provided)) {
        return address;
      }
    }
    throw OssException.signatureDoesNotMatch(
        Map.of(
            "OSSAccessKeyId",
            id,
            "SignatureProvided",
            authorization.substring(colon + 1),
            "StringToSign",
            OssSignature.stringToSign(request, addresses.get(0))));
  }

  private static void checkDate(OssRequest request) throws OssException {
    String ossDate = request.header("x-oss-date");
    String date = ossDate.isEmpty() ? request.header("Date") : ossDate;
    long timeMs = DateParser.parseDate(date);
    if (timeMs < 0) {
      throw OssException.accessDenied("OSS authentication requires a valid Date.");
    }
    if (Math.abs(System.currentTimeMillis() - timeMs) > OssSignature.MAX_SKEW_MS) {
      throw OssException.timeTooSkewed();
    }
  }
}
