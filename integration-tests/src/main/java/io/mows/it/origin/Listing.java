// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.util.List;

/** One page of a bucket's listing. Immutable. */
final class Listing {
  private final List<StoredObject> objects;
  private final List<String> commonPrefixes;
  private final String next;

  Listing(List<StoredObject> objects, List<String> commonPrefixes, String next) {
    this.objects = List.copyOf(objects);
    this.commonPrefixes = List.copyOf(commonPrefixes);
    this.next = next;
  }

  List<StoredObject> objects() {
    return objects;
  }

  List<String> commonPrefixes() {
    return commonPrefixes;
  }

  /** The last entry of this page if there are more, else null. */
  String next() {
    return next;
  }
}
