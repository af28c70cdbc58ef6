// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

/** What the caller of a failed transfer should do next. */
public enum Remedy {
  /** The fault may pass: the same source may be asked again, after a pause. */
  RETRY,
  /** This source will not deliver; another one may. */
  RETRY_ELSEWHERE,
  /** No source can deliver the bytes that were asked for; asking again cannot help. */
  STOP
}
