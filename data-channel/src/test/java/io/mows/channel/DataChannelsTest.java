// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DataChannelsTest {
  private static final Named TCP = new Named("tcp", 0, Availability.yes("sockets"));
  private static final Named RDMA = new Named("rdma", 10, Availability.yes("mlx5_0"));
  private static final Named NO_RDMA = new Named("rdma", 10, Availability.no("no RDMA device"));

  @Test
  void shouldFindTcpByItself() {
    DataChannelProvider found = DataChannels.load().choose(ChannelChoice.AUTO);
    assertEquals("tcp", found.name());
    assertTrue(found.availability().isAvailable(), found.availability().explanation());
  }

  @Test
  void shouldTakeTheBestThatWorks() {
    assertEquals(RDMA, new DataChannels(List.of(TCP, RDMA)).choose(ChannelChoice.AUTO));
    assertEquals(TCP, new DataChannels(List.of(NO_RDMA, TCP)).choose(ChannelChoice.AUTO));
  }

  @Test
  void shouldTakeWhatTheOperatorChose() {
    assertEquals(TCP, new DataChannels(List.of(TCP, RDMA)).choose(ChannelChoice.parse("tcp")));
    assertEquals(RDMA, new DataChannels(List.of(TCP, RDMA)).choose(ChannelChoice.parse("rdma")));
  }

  @Test
  void shouldSayWhyThereIsNone() {
    IllegalStateException none =
        assertThrows(
            IllegalStateException.class,
            () -> new DataChannels(List.of(TCP, NO_RDMA)).choose(ChannelChoice.RDMA));
    assertTrue(none.getMessage().contains("no RDMA device"), none.getMessage());
    assertTrue(none.getMessage().contains("alluxio.mows.channel"), none.getMessage());
    assertThrows(IllegalArgumentException.class, () -> ChannelChoice.parse("RDMA"));
  }

  private static final class Named implements DataChannelProvider {
    private final String name;
    private final int priority;
    private final Availability availability;

    Named(String name, int priority, Availability availability) {
      this.name = name;
      this.priority = priority;
      this.availability = availability;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Availability availability() {
      return availability;
    }

    @Override
    public int priority() {
      return priority;
    }

    @Override
    public DataChannel open(ChannelSettings settings, PieceServer server, PeerListener listener) {
      throw new UnsupportedOperationException();
    }
  }
}
