// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.web;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts {@code /mows/} into the worker's web server as soon as that serves, or says why not: the
 * worker goes on without. For one thread.
 */
public final class WebPage {
  private static final Logger LOG = LoggerFactory.getLogger(WebPage.class);
  private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(5);

  private final WebAnswers answers;
  private final LongSupplier nanoClock;
  private long triedSinceNs;
  private boolean tried;
  private boolean settled;

  public WebPage(WebAnswers answers, LongSupplier nanoClock) {
    this.answers = answers;
    this.nanoClock = nanoClock;
  }

  /**
   * To be called now and then.
   *
   * @param port of the worker's web server
   * @return whether there is nothing left to do
   */
  public boolean offer(int port) {
    if (!settled) {
      settled = isSettled(port);
    }
    return settled;
  }

  private boolean isSettled(int port) {
    long nowNs = nanoClock.getAsLong();
    triedSinceNs = tried ? triedSinceNs : nowNs;
    tried = true;
    try {
      Optional<ServletContextHandler> pages = WorkerWebPort.find(port);
      if (pages.isPresent()) {
        pages.get().addServlet(new ServletHolder("MoWS", new MowsServlet(answers)), "/mows/*");
        LOG.info("The page of this worker is at /mows/ on its web port {}", port);
        return true;
      }
      if (nowNs - triedSinceNs < PATIENCE_NS) {
        return false;
      }
      LOG.warn("There is no page at /mows/: the worker's web server at port {} does not run", port);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      LOG.warn(
          "There is no page at /mows/, and no readiness probe: the web server of this Alluxio is"
              + " not the one of 2.9.6 ({}). All else works; set alluxio.mows.web.enabled=false to"
              + " have this line no more.",
          e.toString());
    }
    return true;
  }
}
