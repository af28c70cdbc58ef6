// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a request asks for. */
public enum RequestKind {
  /** Bytes of an object. */
  @JsonProperty("get")
  GET,
  /** An object's metadata. */
  @JsonProperty("head")
  HEAD,
  /** ListObjects, version 1 or 2. */
  @JsonProperty("list")
  LIST,
  /** Anything else, such as GetBucketInfo or a refused write. */
  @JsonProperty("other")
  OTHER
}
