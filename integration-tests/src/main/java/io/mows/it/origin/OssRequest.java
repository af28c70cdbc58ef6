// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletRequest;

/**
 * A request as it came, decoded but not yet trusted. Immutable but for the servlet request it reads
 * headers from.
 */
final class OssRequest {
  private static final Pattern IPV4 = Pattern.compile("\\d+(\\.\\d+){3}");

  private final HttpServletRequest request;
  private final String path;
  private final SortedMap<String, String> parameters;

  /**
   * @param rawPath the path with its percent escapes
   * @param rawQuery null if there is none
   */
  OssRequest(HttpServletRequest request, String rawPath, String rawQuery) throws OssException {
    this.request = request;
    this.path = decode(rawPath.replace("+", "%2B"));
    SortedMap<String, String> parsed = new TreeMap<>();
    if (rawQuery != null) {
      for (String pair : rawQuery.split("&", -1)) {
        int equals = pair.indexOf('=');
        // A name alone is signed differently from a name with an empty value.
        String value = equals < 0 ? null : decode(pair.substring(equals + 1));
        parsed.put(decode(equals < 0 ? pair : pair.substring(0, equals)), value);
      }
    }
    this.parameters = Collections.unmodifiableSortedMap(parsed);
  }

  String method() {
    return request.getMethod();
  }

  /** The first value of a header; empty if it is absent. */
  String header(String name) {
    String value = request.getHeader(name);
    return value == null ? "" : value.trim();
  }

  Collection<String> headerNames() {
    return Collections.list(request.getHeaderNames());
  }

  /** Query parameters; a parameter without '=' has a null value. */
  SortedMap<String, String> parameters() {
    return parameters;
  }

  /** A parameter's value; {@code otherwise} if it is absent or empty. */
  String parameter(String name, String otherwise) {
    String value = parameters.get(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  /**
   * What the request may address. A host such as {@code bucket.endpoint} names the bucket, but a
   * path may begin with the bucket, and a host that is bound to a bucket (CNAME, which the Java SDK
   * assumes of every endpoint outside Aliyun's domains, IP addresses included) leaves it out of the
   * URL altogether. The bucket is part of what is signed, so the signature decides.
   */
  List<OssAddress> possibleAddresses(Collection<String> buckets) {
    String keyInPath = path.substring(Math.min(1, path.length()));
    List<OssAddress> addresses = new ArrayList<>();
    String host = request.getServerName();
    int dot = host.indexOf('.');
    if (dot > 0 && !IPV4.matcher(host).matches()) {
      addresses.add(new OssAddress(host.substring(0, dot), keyInPath));
    }
    int slash = keyInPath.indexOf('/');
    String first = slash < 0 ? keyInPath : keyInPath.substring(0, slash);
    if (!first.isEmpty()) {
      addresses.add(new OssAddress(first, slash < 0 ? "" : keyInPath.substring(slash + 1)));
    }
    buckets.forEach(bucket -> addresses.add(new OssAddress(bucket, keyInPath)));
    return addresses;
  }

  private static String decode(String text) throws OssException {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw OssException.invalidArgument("URI", text);
    }
  }
}
