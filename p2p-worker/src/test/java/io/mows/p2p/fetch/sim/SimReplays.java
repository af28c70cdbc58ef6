// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.p2p.fetch.AllEffects;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.Set;

/**
 * Tells a worker once more what it has been told: what was asked for ends once, and what comes
 * under a number that is over changes nothing.
 */
final class SimReplays {
  private static final Set<String> QUESTIONS = Set.of("isCommitted", "originWidth", "silentNs");
  private static final int MAX_LATER_MS = 200;

  private final SimTime time;
  private final Complaints complaints;
  private final boolean isRepeating;

  /** Not the world's: what happens in it must not depend on what is looked at. */
  private final Random random = new Random(1);

  /** What is being told again; null if nothing is. */
  private String again;

  /**
   * @param isRepeating false if nothing is told again
   */
  SimReplays(SimTime time, Complaints complaints, boolean isRepeating) {
    this.time = time;
    this.complaints = complaints;
    this.isRepeating = isRepeating;
  }

  /** The same effects; none of them may follow from what is told again. */
  AllEffects watched(AllEffects effects) {
    if (!isRepeating) {
      return effects;
    }
    return (AllEffects)
        Proxy.newProxyInstance(
            AllEffects.class.getClassLoader(),
            new Class<?>[] {AllEffects.class},
            (proxy, method, args) -> {
              if (AllEffects.isDoor(method)) {
                return proxy;
              }
              if (again != null && !QUESTIONS.contains(method.getName())) {
                complaints.add(again + " is told twice, and " + method.getName() + " follows");
              }
              try {
                return method.invoke(effects, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Tells it again now and then, at once or later. */
  void maybeAgain(String what, Runnable event) {
    if (!isRepeating) {
      return;
    }
    int draw = random.nextInt(40);
    if (draw == 0) {
      tell(what, event);
    } else if (draw == 1) {
      time.later(random.nextInt(MAX_LATER_MS) * 1_000_000L, () -> tell(what, event));
    }
  }

  private void tell(String what, Runnable event) {
    again = what;
    event.run();
    again = null;
  }
}
