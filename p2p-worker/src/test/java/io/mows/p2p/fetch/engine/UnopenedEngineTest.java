// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mows.channel.Availability;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceServer;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.client.LocatorClient;
import io.mows.p2p.locator.client.LocatorSettings;
import io.mows.p2p.locator.state.MemoryLocator;
import io.mows.p2p.peer.Peering;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose data channel cannot be opened goes on alone, with another engine. */
final class UnopenedEngineTest {
  @TempDir Path directory;
  private final PeerInfo self = new PeerInfo("worker", "127.0.0.1:1", "default", PeerRole.INSTANCE);

  @Test
  void shouldLeaveNoThreadIfTheDataChannelCannotBeOpened() throws IOException {
    try (LocatorClient locator =
        new LocatorClient(
            LocatorSettings.DEFAULT,
            self,
            1,
            () -> PeerLoad.NONE,
            new MemoryLocator(),
            LocatorEvents.NONE,
            System::nanoTime)) {
      ChannelSettings channel = ChannelSettings.builder(self.id()).build();
      Peering peering = new Peering(self, 1, locator, new Unopened(), channel);
      CostStore store = new CostStore(directory);
      Set<Thread> before = threads();
      assertThrows(
          IOException.class,
          () ->
              FetchEngine.shared(
                  TestWorker.settings(),
                  store,
                  store,
                  new RecordingEvents(),
                  System::nanoTime,
                  peering));
      Set<Thread> left = threads();
      left.removeAll(before);
      left.removeIf(thread -> !thread.getName().startsWith("mows-store"));
      assertEquals(Set.of(), left);
    }
  }

  private static Set<Thread> threads() {
    return new HashSet<>(Thread.getAllStackTraces().keySet());
  }

  private static final class Unopened implements DataChannelProvider {
    @Override
    public String name() {
      return "unopened";
    }

    @Override
    public Availability availability() {
      return Availability.yes("until it is opened");
    }

    @Override
    public int priority() {
      return 0;
    }

    @Override
    public DataChannel open(ChannelSettings settings, PieceServer server, PeerListener listener)
        throws IOException {
      throw new IOException("the certificate cannot be read");
    }
  }
}
