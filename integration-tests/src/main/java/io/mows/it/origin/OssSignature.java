// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * OSS's header signature version 1: HMAC-SHA1 over the verb, four headers, the {@code x-oss-}
 * headers and the resource with its sub-resources (Aliyun OSS documentation, "Include a V1
 * signature in the Authorization header").
 */
final class OssSignature {
  static final String SCHEME = "OSS ";
  static final long MAX_SKEW_MS = 15 * 60 * 1000;

  private static final String OSS_HEADER_PREFIX = "x-oss-";

  /** The query parameters that are signed; paging parameters, for one, are not. */
  static final Set<String> SUB_RESOURCES =
      Set.of(
          "acl",
          "append",
          "asyncFetch",
          "bucketInfo",
          "callback",
          "callback-var",
          "cname",
          "comp",
          "continuation-token",
          "cors",
          "delete",
          "encryption",
          "endTime",
          "group",
          "img",
          "inventory",
          "inventoryId",
          "lifecycle",
          "link",
          "live",
          "location",
          "logging",
          "objectInfo",
          "objectMeta",
          "partNumber",
          "policy",
          "position",
          "processConfiguration",
          "qos",
          "qosInfo",
          "referer",
          "replication",
          "replicationLocation",
          "replicationProgress",
          "requestPayment",
          "response-cache-control",
          "response-content-disposition",
          "response-content-encoding",
          "response-content-language",
          "response-content-type",
          "response-expires",
          "restore",
          "security-token",
          "sequential",
          "startTime",
          "stat",
          "status",
          "style",
          "styleName",
          "symlink",
          "tagging",
          "udf",
          "udfApplication",
          "udfApplicationLog",
          "udfImage",
          "udfImageDesc",
          "udfName",
          "uploadId",
          "uploads",
          "versionId",
          "versioning",
          "versions",
          "vod",
          "website",
          "worm",
          "wormExtend",
          "wormId",
          "x-oss-process",
          "x-oss-request-payer",
          "x-oss-traffic-limit");

  private OssSignature() {}

  /** What is signed, if {@code request} addresses {@code address}. */
  static String stringToSign(OssRequest request, OssAddress address) {
    String date = request.header("x-oss-date");
    StringBuilder text = new StringBuilder();
    text.append(request.method()).append('\n');
    text.append(request.header("Content-MD5")).append('\n');
    text.append(request.header("Content-Type")).append('\n');
    text.append(date.isEmpty() ? request.header("Date") : date).append('\n');
    Map<String, String> ossHeaders = new TreeMap<>();
    for (String name : request.headerNames()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith(OSS_HEADER_PREFIX)) {
        ossHeaders.put(lower, request.header(name));
      }
    }
    ossHeaders.forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
    return text.append(address.resource()).append(subResources(request)).toString();
  }

  /** The signature of {@code stringToSign}, in Base64. */
  static String sign(String stringToSign, String accessKeySecret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(accessKeySecret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      byte[] digest = mac.doFinal(stringToSign.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA1", e);
    }
  }

  private static String subResources(OssRequest request) {
    String joined =
        request.parameters().entrySet().stream()
            .filter(entry -> SUB_RESOURCES.contains(entry.getKey()))
            .map(
                entry ->
                    entry.getValue() == null
                        ? entry.getKey()
                        : entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining("&"));
    return joined.isEmpty() ? "" : "?" + joined;
  }
}
