// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.helpers.FormattingTuple;
import org.slf4j.helpers.MessageFormatter;

/** What warnings and errors a log has been given. Thread-safe. */
public final class RecordedLog {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<Throwable> traces = new CopyOnWriteArrayList<>();

  /** Takes what is logged as an operator sees it by default: without what is below INFO. */
  public Logger logger() {
    return (Logger)
        Proxy.newProxyInstance(
            Logger.class.getClassLoader(),
            new Class<?>[] {Logger.class},
            (proxy, method, arguments) -> {
              String level = method.getName();
              if (level.equals("warn") || level.equals("error")) {
                add(level.toUpperCase(java.util.Locale.ROOT), arguments);
              }
              return method.getReturnType() == boolean.class ? Boolean.FALSE : null;
            });
  }

  private void add(String level, Object[] arguments) {
    Object[] rest = new Object[arguments.length - 1];
    System.arraycopy(arguments, 1, rest, 0, rest.length);
    if (rest.length == 1 && rest[0] instanceof Object[]) {
      rest = (Object[]) rest[0];
    }
    FormattingTuple line = MessageFormatter.arrayFormat((String) arguments[0], rest);
    lines.add(level + " " + line.getMessage());
    if (line.getThrowable() != null) {
      traces.add(line.getThrowable());
    }
  }

  public List<String> lines() {
    return lines;
  }

  /** The failures whose stack frames are in it. */
  public List<Throwable> traces() {
    return traces;
  }
}
