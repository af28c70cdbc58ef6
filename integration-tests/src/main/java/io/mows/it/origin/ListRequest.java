// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The parameters of ListObjects, version 1 or 2. Immutable. */
final class ListRequest {
  static final String URL = "url";
  private static final String DEFAULT_MAX_KEYS = "100";
  private static final int LARGEST_MAX_KEYS = 1000;

  private final boolean version2;
  private final String prefix;
  private final String delimiter;
  private final String marker;
  private final String startAfter;
  private final String continuationToken;
  private final int maxKeys;
  private final boolean urlEncoded;

  /** {@link OssException} if a parameter has a value that OSS refuses. */
  ListRequest(OssRequest request) throws OssException {
    this.version2 = request.parameter("list-type", "1").equals("2");
    this.prefix = request.parameter("prefix", "");
    this.delimiter = request.parameter("delimiter", "");
    this.marker = request.parameter("marker", "");
    this.startAfter = request.parameter("start-after", "");
    this.continuationToken = request.parameter("continuation-token", "");
    this.maxKeys = parseMaxKeys(request.parameter("max-keys", DEFAULT_MAX_KEYS));
    this.urlEncoded = request.parameter("encoding-type", "").equals(URL);
  }

  String prefix() {
    return prefix;
  }

  String delimiter() {
    return delimiter;
  }

  int maxKeys() {
    return maxKeys;
  }

  boolean isUrlEncoded() {
    return urlEncoded;
  }

  /** The entry behind which the page begins; empty for the first. */
  String after() throws OssException {
    if (!version2) {
      return marker;
    }
    try {
      return continuationToken.isEmpty()
          ? startAfter
          : new String(Base64.getUrlDecoder().decode(continuationToken), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw OssException.invalidArgument("continuation-token", continuationToken);
    }
  }

  String encode(String key) {
    return urlEncoded ? OssXml.urlEncode(key) : key;
  }

  void writePaging(OssXml xml, Listing listing) {
    if (!version2) {
      xml.element("Marker", encode(marker));
      if (listing.next() != null) {
        xml.element("NextMarker", encode(listing.next()));
      }
      return;
    }
    xml.element("StartAfter", encode(startAfter));
    xml.element("KeyCount", listing.objects().size() + listing.commonPrefixes().size());
    xml.element("ContinuationToken", continuationToken);
    if (listing.next() != null) {
      byte[] next = listing.next().getBytes(StandardCharsets.UTF_8);
      xml.element("NextContinuationToken", Base64.getUrlEncoder().encodeToString(next));
    }
  }

  private static int parseMaxKeys(String text) throws OssException {
    try {
      int value = Integer.parseInt(text);
      if (value >= 1 && value <= LARGEST_MAX_KEYS) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Refused below, as any other value out of range.
    }
    throw OssException.invalidArgument("max-keys", text);
  }
}
