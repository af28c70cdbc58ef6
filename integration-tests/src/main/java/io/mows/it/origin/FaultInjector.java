// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Decides which request is spoiled by which fault. Thread-safe. */
final class FaultInjector {
  private List<Rule> rules = List.of();
  private boolean stopped;

  /** Replaces all rules; counts start anew, and what is held goes on. */
  synchronized void setFaults(List<Fault> faults) {
    rules = faults.stream().map(Fault::validated).map(Rule::new).collect(Collectors.toList());
    notifyAll();
  }

  /** Fails all that is held, now and later. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  /**
   * The first rule that strikes this request; later rules then do not count it.
   *
   * @param asked what it asks for, of an object that never ends
   */
  synchronized Optional<Strike> next(RequestKind kind, String key, ByteRange asked) {
    for (Rule rule : rules) {
      if (rule.strikes(kind, key, asked)) {
        return Optional.of(new Strike(rules, rule.fault, rule.random.nextLong()));
      }
    }
    return Optional.empty();
  }

  /** Waits, if it is a {@link Fault.Action#HOLD}, until the rules are replaced. */
  synchronized void awaitRelease(Strike strike) throws InterruptedIOException {
    try {
      while (strike.is(Fault.Action.HOLD) && strike.rules == rules) {
        if (stopped) {
          throw new InterruptedIOException("the origin is stopping");
        }
        wait();
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException("the origin is stopping");
    }
  }

  /** A fault that must be carried out now. Immutable. */
  static final class Strike {
    private final List<Rule> rules;
    private final Fault fault;
    private final long randomBits;

    private Strike(List<Rule> rules, Fault fault, long randomBits) {
      this.rules = rules;
      this.fault = fault;
      this.randomBits = randomBits;
    }

    Fault fault() {
      return fault;
    }

    boolean is(Fault.Action action) {
      return fault.action() == action;
    }

    /** The byte to corrupt of a body that begins at {@code offset}, counted from there. */
    long corruptPosition(long offset, long lengthBytes) {
      return fault.isOnOneByte()
          ? fault.byteAt() - offset
          : Math.floorMod(randomBits >> 3, lengthBytes);
    }

    /** The bit of that byte to flip. */
    int corruptMask() {
      return 1 << (randomBits & 7);
    }
  }

  private static final class Rule {
    private final Fault fault;
    private final Pattern keys;
    private final Random random;
    private int matched;
    private int struck;

    private Rule(Fault fault) {
      this.fault = fault;
      this.keys =
          Pattern.compile(
              fault.keys().codePoints().mapToObj(Rule::regexOf).collect(Collectors.joining()),
              Pattern.DOTALL);
      this.random = new Random(fault.seed());
    }

    private static String regexOf(int character) {
      switch (character) {
        case '*':
          return ".*";
        case '?':
          return ".";
        default:
          return Pattern.quote(Character.toString(character));
      }
    }

    private boolean strikes(RequestKind kind, String key, ByteRange asked) {
      boolean matches =
          (fault.request() == null || fault.request() == kind)
              && keys.matcher(key).matches()
              && fault.isOn(asked);
      if (!matches || ++matched <= fault.skip() || struck >= fault.times()) {
        return false;
      }
      // Drawn only when it matters, so that the outcome depends on the seed and the count alone.
      if (fault.probability() < 1 && random.nextDouble() >= fault.probability()) {
        return false;
      }
      struck++;
      return true;
    }
  }
}
