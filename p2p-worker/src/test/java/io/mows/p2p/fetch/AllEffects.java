// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

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
import java.lang.reflect.Method;

/** All effects in one, for tests. */
public interface AllEffects
    extends FetchEffects,
        StoreEffects,
        TransferEffects,
        QuestionEffects,
        LocatorEffects,
        ViewEffects,
        ReaderEffects,
        LoadEffects,
        PeerEffects,
        ServeEffects,
        OperatorEffects {
  /** Whether this is one of the methods of {@link FetchEffects}, which return all of them. */
  static boolean isDoor(Method method) {
    return method.getDeclaringClass() == AllEffects.class;
  }

  @Override
  default StoreEffects store() {
    return this;
  }

  @Override
  default TransferEffects transfers() {
    return this;
  }

  @Override
  default QuestionEffects questions() {
    return this;
  }

  @Override
  default LocatorEffects locator() {
    return this;
  }

  @Override
  default ViewEffects views() {
    return this;
  }

  @Override
  default ReaderEffects readers() {
    return this;
  }

  @Override
  default LoadEffects loads() {
    return this;
  }

  @Override
  default PeerEffects peers() {
    return this;
  }

  @Override
  default ServeEffects serving() {
    return this;
  }

  @Override
  default OperatorEffects operator() {
    return this;
  }
}
