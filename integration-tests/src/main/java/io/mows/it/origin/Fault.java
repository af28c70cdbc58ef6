// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A rule that spoils some answers. It names which requests (key pattern, kind), when (skipping the
 * first ones, at most so often, with a probability) and how. Immutable: each method that changes
 * something returns a copy. An answer that is an error anyway, such as a missing key, is only
 * delayed or replaced by another error.
 *
 * <p>As JSON it is an object of the fields below, of which only {@code action} is required: {@code
 * {"action":"reset","keys":"*.safetensors","request":"get","times":3,"afterBytes":4096}}.
 */
@JsonAutoDetect(
    fieldVisibility = JsonAutoDetect.Visibility.ANY,
    getterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(JsonInclude.Include.NON_NULL)
public final class Fault {
  /** How an answer is spoiled. */
  public enum Action {
    /** An HTTP error with OSS's body. */
    @JsonProperty("error")
    ERROR,
    /** The connection is reset amid the body; an empty body is not sent at all. */
    @JsonProperty("reset")
    RESET,
    /** The connection is closed in order amid the body, whose announced length is right. */
    @JsonProperty("truncate")
    TRUNCATE,
    /** One bit of the body, at a place that the seed decides, is flipped. */
    @JsonProperty("corrupt")
    CORRUPT,
    /** The answer is right but late. */
    @JsonProperty("delay")
    DELAY,
    /** The answer is right, and waits until other faults are set. */
    @JsonProperty("hold")
    HOLD
  }

  private static final long ANY_BYTE = -1;

  private Action action;
  private String keys = "*";
  private RequestKind request;
  private long byteAt = ANY_BYTE;
  private int skip;
  private int times = Integer.MAX_VALUE;
  private double probability = 1;
  private long seed;
  private int status = 500;
  private long afterBytes;
  private long delayMs;

  /** For Jackson. */
  private Fault() {}

  private Fault(Action action) {
    this.action = action;
  }

  private Fault(Fault from) {
    action = from.action;
    keys = from.keys;
    request = from.request;
    byteAt = from.byteAt;
    skip = from.skip;
    times = from.times;
    probability = from.probability;
    seed = from.seed;
    status = from.status;
    afterBytes = from.afterBytes;
    delayMs = from.delayMs;
  }

  /** Answers with {@code status}, such as 500 (InternalError) or 503 (ServiceUnavailable). */
  public static Fault error(int status) {
    Fault fault = new Fault(Action.ERROR);
    fault.status = status;
    return fault.validated();
  }

  /**
   * Resets the connection after {@code afterBytes} of the body were handed to the network, at the
   * latest before the last byte. The client sees at most so many: a reset overtakes what is queued.
   */
  public static Fault reset(long afterBytes) {
    Fault fault = new Fault(Action.RESET);
    fault.afterBytes = afterBytes;
    return fault.validated();
  }

  /** Ends the body after {@code afterBytes}, at the latest before the last byte. */
  public static Fault truncate(long afterBytes) {
    Fault fault = new Fault(Action.TRUNCATE);
    fault.afterBytes = afterBytes;
    return fault.validated();
  }

  /** Flips one bit of the body, wherever {@code seed} or {@link #onByte} says. */
  public static Fault corrupt(long seed) {
    Fault fault = new Fault(Action.CORRUPT);
    fault.seed = seed;
    return fault.validated();
  }

  /** Answers after a delay that comes on top of the origin's own. */
  public static Fault delay(long delayMs) {
    Fault fault = new Fault(Action.DELAY);
    fault.delayMs = delayMs;
    return fault.validated();
  }

  /** Answers when the faults are replaced, by none or by others. */
  public static Fault hold() {
    return new Fault(Action.HOLD).validated();
  }

  /**
   * Only requests whose key (of a listing: prefix) matches {@code pattern}, in which {@code *}
   * stands for any characters, '/' included, and {@code ?} for one.
   */
  public Fault onKeys(String pattern) {
    Fault fault = new Fault(this);
    fault.keys = pattern;
    return fault.validated();
  }

  /** Only requests of one kind. */
  public Fault onRequests(RequestKind kind) {
    Fault fault = new Fault(this);
    fault.request = kind;
    return fault.validated();
  }

  /**
   * Only requests whose range (without one: everything) has the byte at {@code position}; that is
   * the one to corrupt, if it is that.
   */
  public Fault onByte(long position) {
    Fault fault = new Fault(this);
    fault.byteAt = position;
    return fault.validated();
  }

  /** Leaves the first {@code count} matching requests alone. */
  public Fault skipping(int count) {
    Fault fault = new Fault(this);
    fault.skip = count;
    return fault.validated();
  }

  /** Strikes at most {@code count} times; without this call, without limit. */
  public Fault times(int count) {
    Fault fault = new Fault(this);
    fault.times = count;
    return fault.validated();
  }

  /** Strikes a matching request with a probability of 0 to 1, decided by {@code seed}. */
  public Fault withProbability(double newProbability, long newSeed) {
    Fault fault = new Fault(this);
    fault.probability = newProbability;
    fault.seed = newSeed;
    return fault.validated();
  }

  public Action action() {
    return action;
  }

  String keys() {
    return keys;
  }

  /** Null stands for every kind. */
  RequestKind request() {
    return request;
  }

  boolean isOn(ByteRange asked) {
    return !isOnOneByte() || asked.has(byteAt);
  }

  boolean isOnOneByte() {
    return byteAt != ANY_BYTE;
  }

  /** See {@link #onByte}. */
  long byteAt() {
    return byteAt;
  }

  int skip() {
    return skip;
  }

  int times() {
    return times;
  }

  double probability() {
    return probability;
  }

  long seed() {
    return seed;
  }

  int status() {
    return status;
  }

  long afterBytes() {
    return afterBytes;
  }

  long delayMs() {
    return delayMs;
  }

  /** This fault. {@link IllegalArgumentException} if JSON gave it values that make no sense. */
  Fault validated() {
    check(action != null, "action", "missing; use error, reset, truncate, corrupt, delay or hold");
    check(keys != null && !keys.isEmpty(), "keys", "empty; use * for all");
    check(byteAt >= ANY_BYTE, "byteAt", "negative; leave it out for all");
    check(skip >= 0, "skip", "negative");
    check(times >= 1, "times", "not positive; leave it out for no limit");
    check(probability >= 0 && probability <= 1, "probability", "not between 0 and 1");
    check(status >= 400 && status <= 599, "status", "no HTTP error; use 400 to 599");
    check(afterBytes >= 0, "afterBytes", "negative");
    check(delayMs >= 0, "delayMs", "negative");
    return this;
  }

  private static void check(boolean valid, String field, String problem) {
    if (!valid) {
      throw new IllegalArgumentException("fault: " + field + " is " + problem);
    }
  }
}
