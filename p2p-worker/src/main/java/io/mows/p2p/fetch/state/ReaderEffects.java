// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

/** What readers that wait are told. Returns at once. */
public interface ReaderEffects {
  void wake(long reader);

  /** The fetch has ended: the reader has to look anew. */
  void lookAgain(long reader);

  void failReader(long reader, Throwable failure);

  /** The file cannot be fetched at all. */
  void refuseReader(long reader, Throwable failure);
}
