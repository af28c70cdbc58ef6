// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Decides which request is spoiled by which fault. Thread-safe. */
final class FaultInjector {
  private List<Rule> rules = List.of();

  /** Replaces all rules; counts start anew. */
  synchronized void setFaults(List<Fault> faults) {
    rules = faults.stream().map(Fault::validated).map(Rule::new).collect(Collectors.toList());
  }

  /** The first rule that strikes this request; later rules then do not count it. */
  synchronized Optional<Strike> next(RequestKind kind, String key) {
    for (Rule rule : rules) {
      if (rule.strikes(kind, key)) {
        return Optional.of(new Strike(rule.fault, rule.random.nextLong()));
      }
    }
    return Optional.empty();
  }

  /** A fault that must be carried out now. Immutable. */
  static final class Strike {
    private final Fault fault;
    private final long randomBits;

    private Strike(Fault fault, long randomBits) {
      this.fault = fault;
      this.randomBits = randomBits;
    }

    Fault fault() {
      return fault;
    }

    boolean is(Fault.Action action) {
      return fault.action() == action;
    }

    /** The byte of a body of {@code lengthBytes} to corrupt. */
    long corruptPosition(long lengthBytes) {
      return Math.floorMod(randomBits >> 3, lengthBytes);
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

    private boolean strikes(RequestKind kind, String key) {
      boolean matches =
          (fault.request() == null || fault.request() == kind) && keys.matcher(key).matches();
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
