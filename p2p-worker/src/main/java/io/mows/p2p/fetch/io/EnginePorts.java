// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.p2p.fetch.state.FetchEffects;
import io.mows.p2p.fetch.state.LoadEffects;
import io.mows.p2p.fetch.state.LocatorEffects;
import io.mows.p2p.fetch.state.OperatorEffects;
import io.mows.p2p.fetch.state.PeerEffects;
import io.mows.p2p.fetch.state.QuestionEffects;
import io.mows.p2p.fetch.state.ReaderEffects;
import io.mows.p2p.fetch.state.ServeEffects;
import io.mows.p2p.fetch.state.StoreEffects;
import io.mows.p2p.fetch.state.TransferEffects;
import io.mows.p2p.fetch.state.ViewEffects;

/** Who carries out each effect. Immutable. */
public final class EnginePorts implements FetchEffects {
  private final StoreEffects store;
  private final TransferEffects transfers;
  private final QuestionEffects questions;
  private final LocatorEffects locator;
  private final ViewEffects views;
  private final ReaderEffects readers;
  private final LoadEffects loads;
  private final PeerEffects peers;
  private final ServeEffects serving;
  private final OperatorEffects operator;

  public EnginePorts(
      StoreEffects store,
      TransferEffects transfers,
      QuestionEffects questions,
      LocatorEffects locator,
      ViewEffects views,
      ReaderEffects readers,
      LoadEffects loads,
      PeerEffects peers,
      ServeEffects serving,
      OperatorEffects operator) {
    this.store = store;
    this.transfers = transfers;
    this.questions = questions;
    this.locator = locator;
    this.views = views;
    this.readers = readers;
    this.loads = loads;
    this.peers = peers;
    this.serving = serving;
    this.operator = operator;
  }

  @Override
  public StoreEffects store() {
    return store;
  }

  @Override
  public TransferEffects transfers() {
    return transfers;
  }

  @Override
  public QuestionEffects questions() {
    return questions;
  }

  @Override
  public LocatorEffects locator() {
    return locator;
  }

  @Override
  public ViewEffects views() {
    return views;
  }

  @Override
  public ReaderEffects readers() {
    return readers;
  }

  @Override
  public LoadEffects loads() {
    return loads;
  }

  @Override
  public PeerEffects peers() {
    return peers;
  }

  @Override
  public ServeEffects serving() {
    return serving;
  }

  @Override
  public OperatorEffects operator() {
    return operator;
  }
}
