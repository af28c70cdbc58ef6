// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.web;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HandlerContainer;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ShutdownMonitor;
import org.eclipse.jetty.servlet.ServletContextHandler;

/**
 * The web server of an Alluxio worker of this process (ADR 41). Alluxio gives it to nobody; but
 * every Jetty server that starts registers itself with {@link ShutdownMonitor}, which has them in a
 * private field.
 */
final class WorkerWebPort {
  private static final String SERVERS = "_lifeCycles";

  private WorkerWebPort() {}

  /**
   * The context of Alluxio's own web pages at this port; empty if it does not serve yet.
   *
   * @throws ReflectiveOperationException if this Jetty keeps its servers elsewhere
   */
  static Optional<ServletContextHandler> find(int port) throws ReflectiveOperationException {
    return servers().stream()
        .filter(Server.class::isInstance)
        .map(Server.class::cast)
        .filter(server -> server.isStarted() && listensAt(server, port))
        .flatMap(server -> pages(server).stream())
        .findFirst();
  }

  private static Set<?> servers() throws ReflectiveOperationException {
    ShutdownMonitor monitor = ShutdownMonitor.getInstance();
    Field field = ShutdownMonitor.class.getDeclaredField(SERVERS);
    try {
      field.setAccessible(true);
    } catch (RuntimeException e) {
      throw new ReflectiveOperationException(e);
    }
    Object servers = field.get(monitor);
    if (!(servers instanceof Set)) {
      throw new NoSuchFieldException(SERVERS + " of " + ShutdownMonitor.class + " is no set");
    }
    synchronized (monitor) {
      return Set.copyOf((Set<?>) servers);
    }
  }

  private static boolean listensAt(Server server, int port) {
    return Arrays.stream(server.getConnectors())
        .filter(NetworkConnector.class::isInstance)
        .anyMatch(connector -> ((NetworkConnector) connector).getLocalPort() == port);
  }

  /** Of all contexts, the one at the root: metrics have theirs below it. */
  private static Optional<ServletContextHandler> pages(HandlerContainer server) {
    for (Handler handler : server.getChildHandlersByClass(ServletContextHandler.class)) {
      ServletContextHandler context = (ServletContextHandler) handler;
      if (context.getContextPath().equals("/")) {
        return Optional.of(context);
      }
    }
    return Optional.empty();
  }
}
