// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.util.Map;

/** An error answer as OSS gives it: HTTP status, code, message and details for the XML body. */
final class OssException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final transient Map<String, String> details;

  private OssException(int status, String code, String message, Map<String, String> details) {
    // No stack trace: these are answers, thousands of them in some tests.
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.details = details;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  /** Further XML elements, such as the key that does not exist. */
  Map<String, String> details() {
    return details;
  }

  static OssException noSuchKey(String key) {
    return new OssException(
        404, "NoSuchKey", "The specified key does not exist.", Map.of("Key", key));
  }

  static OssException noSuchBucket(String bucket) {
    return new OssException(
        404, "NoSuchBucket", "The specified bucket does not exist.", Map.of("BucketName", bucket));
  }

  static OssException invalidRange(long lengthBytes, String range) {
    return new OssException(
        416,
        "InvalidRange",
        "The requested range cannot be satisfied",
        Map.of("ActualObjectSize", Long.toString(lengthBytes), "RangeRequested", range));
  }

  static OssException preconditionFailed(String condition) {
    return new OssException(
        412,
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold.",
        Map.of("Condition", condition));
  }

  static OssException accessDenied(String message) {
    return new OssException(403, "AccessDenied", message, Map.of());
  }

  static OssException invalidAccessKeyId(String accessKeyId) {
    return new OssException(
        403,
        "InvalidAccessKeyId",
        "The OSS Access Key Id you provided does not exist in our records.",
        Map.of("OSSAccessKeyId", accessKeyId));
  }

  static OssException signatureDoesNotMatch(Map<String, String> details) {
    return new OssException(
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided."
            + " Check your key and signing method.",
        details);
  }

  static OssException timeTooSkewed() {
    return new OssException(
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
        Map.of("MaxAllowedSkewMilliseconds", Long.toString(OssSignature.MAX_SKEW_MS)));
  }

  static OssException invalidArgument(String name, String value) {
    return new OssException(
        400,
        "InvalidArgument",
        "The argument is invalid.",
        Map.of("ArgumentName", name, "ArgumentValue", value));
  }

  static OssException notImplemented(String what) {
    return new OssException(
        501, "NotImplemented", "This test origin does not implement " + what + ".", Map.of());
  }

  /** What an injected {@link Fault.Action#ERROR} answers. */
  static OssException injected(int status) {
    switch (status) {
      case 500:
        return new OssException(
            500, "InternalError", "We encountered an internal error.", Map.of());
      case 503:
        return new OssException(
            503, "ServiceUnavailable", "Please reduce your request rate.", Map.of());
      case 403:
        return accessDenied("You have no right to access this object.");
      default:
        return new OssException(status, "InjectedFault", "Injected by the test.", Map.of());
    }
  }
}
