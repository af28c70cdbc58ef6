// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

/** A bucket, and an object in it unless the key is empty. Immutable. */
final class OssAddress {
  private final String bucket;
  private final String key;

  OssAddress(String bucket, String key) {
    this.bucket = bucket;
    this.key = key;
  }

  String bucket() {
    return bucket;
  }

  /** Empty: the bucket itself is meant. */
  String key() {
    return key;
  }

  /** The resource as it is signed, without sub-resources. */
  String resource() {
    return "/" + bucket + "/" + key;
  }
}
