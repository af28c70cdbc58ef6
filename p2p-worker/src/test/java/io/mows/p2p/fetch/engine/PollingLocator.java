// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.p2p.locator.protocol.LocatorTransport;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A directory that answers on a thread of its own: who asks does not pay for the answer. */
final class PollingLocator implements LocatorTransport {
  private final LocatorTransport directory;
  private final PollingThread thread = new PollingThread("cost-locator");

  PollingLocator(LocatorTransport directory) {
    this.directory = directory;
  }

  @Override
  public CompletableFuture<byte[]> write(byte[] entry) {
    return answer(() -> directory.write(entry));
  }

  @Override
  public CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
    return answer(() -> directory.read(query, patienceMs));
  }

  private CompletableFuture<byte[]> answer(Supplier<CompletableFuture<byte[]>> question) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    thread.execute(
        () ->
            question
                .get()
                .whenComplete(
                    (bytes, failure) -> {
                      if (failure == null) {
                        answer.complete(bytes);
                      } else {
                        answer.completeExceptionally(failure);
                      }
                    }));
    return answer;
  }

  @Override
  public String describe() {
    return directory.describe();
  }

  @Override
  public void close() {
    thread.close();
    directory.close();
  }
}
