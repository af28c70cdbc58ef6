// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.fetch.core.FetchCore;
import io.mows.p2p.fetch.core.FetchInput;

/**
 * What {@link FetchCore} wants done, by who does it. Every method returns at once and calls no
 * {@link FetchInput}: what becomes of it is an event, later. What readers see and hear is done when
 * the call returns.
 */
public interface FetchEffects {
  StoreEffects store();

  TransferEffects transfers();

  QuestionEffects questions();

  LocatorEffects locator();

  ViewEffects views();

  ReaderEffects readers();

  LoadEffects loads();

  PeerEffects peers();

  ServeEffects serving();

  OperatorEffects operator();
}
