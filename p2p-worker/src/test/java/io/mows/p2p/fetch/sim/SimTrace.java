// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.p2p.fetch.AllEffects;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes down what happens in a simulated world: each event of each worker and each effect, in
 * their order. Two runs of one seed say the same.
 */
final class SimTrace {
  private final SimTime time;
  private final Consumer<String> lines;

  /**
   * @param lines told of each event and effect
   */
  SimTrace(SimTime time, Consumer<String> lines) {
    this.time = time;
    this.lines = lines;
  }

  /** The same as {@code real}, with each call written down before it is made. */
  <T> T of(long worker, String direction, Class<T> type, T real) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> {
              if (AllEffects.isDoor(method)) {
                return self;
              }
              note(worker, direction, method.getName(), args);
              try {
                return method.invoke(real, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  /** Writes down something else. */
  void note(long worker, String direction, String what, Object... args) {
    List<String> words = new ArrayList<>();
    for (Object arg : args == null ? new Object[0] : args) {
      words.add(word(arg));
    }
    lines.accept(time.nowNs() + " worker " + worker + " " + direction + " " + what + " " + words);
  }

  /** What {@code value} is, without what differs from run to run. */
  private static String word(Object value) {
    if (value == null
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof String
        || value instanceof Enum) {
      return String.valueOf(value);
    }
    if (value instanceof SwarmMessage) {
      return said((SwarmMessage) value);
    }
    if (value instanceof SwarmMember) {
      SwarmMember member = (SwarmMember) value;
      String has = member.isComplete() ? " has all" : "";
      return member.peerId() + has;
    }
    if (value instanceof FileSpec) {
      return "file " + ((FileSpec) value).fileId();
    }
    if (value instanceof List) {
      List<String> words = new ArrayList<>();
      ((List<?>) value).forEach(element -> words.add(word(element)));
      return words.toString();
    }
    return value instanceof Throwable ? value.toString() : value.getClass().getSimpleName();
  }

  private static String said(SwarmMessage message) {
    StringBuilder text = new StringBuilder(message.getClass().getSimpleName());
    text.append(" of file ").append(message.fileId());
    if (message instanceof SwarmMessage.Bitfield) {
      SwarmMessage.Bitfield map = (SwarmMessage.Bitfield) message;
      text.append(" here ").append(pieces(map.have()));
    } else if (message instanceof SwarmMessage.Offer) {
      text.append(" piece ").append(((SwarmMessage.Offer) message).piece());
    } else if (message instanceof SwarmMessage.Reject) {
      SwarmMessage.Reject refused = (SwarmMessage.Reject) message;
      text.append(" piece ").append(refused.piece()).append(' ').append(refused.reason());
    }
    return text.toString();
  }

  private static List<Integer> pieces(PieceBits bits) {
    List<Integer> all = new ArrayList<>();
    for (int p = bits.nextSet(0); p >= 0; p = bits.nextSet(p + 1)) {
      all.add(p);
    }
    return all;
  }
}
