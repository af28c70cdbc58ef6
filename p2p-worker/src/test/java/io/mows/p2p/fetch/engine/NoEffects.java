// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.p2p.fetch.AllEffects;
import java.lang.reflect.Proxy;

/** Effects that nobody carries out. */
final class NoEffects {
  private NoEffects() {}

  static AllEffects get() {
    return (AllEffects)
        Proxy.newProxyInstance(
            NoEffects.class.getClassLoader(),
            new Class<?>[] {AllEffects.class},
            (proxy, method, args) ->
                AllEffects.isDoor(method) ? proxy : nothing(method.getReturnType()));
  }

  private static Object nothing(Class<?> type) {
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return 0;
    }
    return type == long.class ? (Object) 0L : null;
  }
}
