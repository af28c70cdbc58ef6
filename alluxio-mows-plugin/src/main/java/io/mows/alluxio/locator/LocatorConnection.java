// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import io.mows.p2p.locator.protocol.LocatorTransport;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The way to one worker that may host the locator, or to the members that are configured. For one
 * thread.
 */
final class LocatorConnection implements AutoCloseable {
  private static final long ANSWER_MS = 10_000;

  private final String address;
  private final LocatorTransport transport;

  LocatorConnection(String address, LocatorTransport transport) {
    this.address = address;
    this.transport = transport;
  }

  /**
   * Blocks until there is an answer.
   *
   * @throws NoAnswerException if there is none; says why
   */
  <T> T answer(Question<T> question) throws NoAnswerException, InterruptedIOException {
    try {
      return question.ask(address, transport).get(ANSWER_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new NoAnswerException(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new NoAnswerException(address + " did not answer within " + ANSWER_MS + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while asking the locator");
    }
  }

  /** May take some seconds. */
  @Override
  public void close() {
    transport.close();
  }

  /** What is asked. */
  @FunctionalInterface
  interface Question<T> {
    CompletableFuture<T> ask(String address, LocatorTransport transport);
  }

  /** Nobody there answers, or the locator refuses. */
  static final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    NoAnswerException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
