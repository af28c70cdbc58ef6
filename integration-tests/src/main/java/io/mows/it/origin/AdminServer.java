// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.AbstractHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The admin API on a port of its own, so that it is neither shaped nor counted: {@code GET /stats},
 * {@code POST /reset}, {@code POST /faults} (a JSON list), {@code POST /shaping} (a JSON object).
 */
final class AdminServer {
  private static final int MAX_THREADS = 8;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Server server;
  private final ServerConnector connector;

  AdminServer(TestOrigin origin, TestOrigin.Builder options) {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
    threads.setName("test-origin-admin");
    threads.setDaemon(true);
    this.server = new Server(threads);
    this.connector = new ServerConnector(server, 1, 1);
    connector.setHost(options.bindHost());
    connector.setPort(options.adminPort());
    server.addConnector(connector);
    server.setHandler(new AdminHandler(origin));
  }

  void start() throws Exception {
    server.start();
  }

  void stop() throws Exception {
    server.stop();
  }

  int port() {
    return connector.getLocalPort();
  }

  private static final class AdminHandler extends AbstractHandler {
    private final TestOrigin origin;

    private AdminHandler(TestOrigin origin) {
      this.origin = origin;
    }

    @Override
    public void handle(
        String target, Request base, HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      base.setHandled(true);
      response.setContentType("application/json");
      try {
        Object answer = answer(request.getMethod() + " " + target, request);
        if (answer == null) {
          response.setStatus(HttpServletResponse.SC_NOT_FOUND);
          answer = error("use GET /stats, POST /reset, POST /faults or POST /shaping");
        }
        response.getOutputStream().write(JSON.writeValueAsBytes(answer));
      } catch (JsonProcessingException | IllegalArgumentException e) {
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        response.getOutputStream().write(JSON.writeValueAsBytes(error(e.getMessage())));
      }
    }

    private Object answer(String call, HttpServletRequest request) throws IOException {
      switch (call) {
        case "GET /stats":
          return origin.stats();
        case "POST /reset":
          origin.resetCounters();
          return Map.of();
        case "POST /faults":
          origin.setFaults(
              JSON.readValue(request.getInputStream(), new TypeReference<List<Fault>>() {}));
          return Map.of();
        case "POST /shaping":
          origin.setShaping(JSON.readValue(request.getInputStream(), Shaping.class));
          return origin.shaping();
        default:
          return null;
      }
    }

    private static Map<String, String> error(String message) {
      return Map.of("error", message);
    }
  }
}
