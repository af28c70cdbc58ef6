// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.channel.Availability;
import io.mows.channel.ChannelSettings;
import io.mows.channel.ChannelStats;
import io.mows.channel.CloseReason;
import io.mows.channel.DataChannel;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerConnection;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceReceipt;
import io.mows.channel.PieceReceiver;
import io.mows.channel.PieceRefusedException;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceServer;
import io.mows.channel.PieceTransfer;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.zip.CRC32;

/**
 * A data channel between workers of one process that takes no time: messages are handed over as
 * they are, and the bytes of every piece are zeros, whatever is in the block files.
 */
final class MemoryChannel implements DataChannel {
  private final Network network;
  private final ChannelSettings settings;
  private final PieceServer server;
  private final PeerListener listener;
  private final Executor ioThread;

  private MemoryChannel(
      Network network,
      ChannelSettings settings,
      PieceServer server,
      PeerListener listener,
      Executor ioThread) {
    this.network = network;
    this.settings = settings;
    this.server = server;
    this.listener = listener;
    this.ioThread = ioThread;
  }

  /** Which channel listens at which port. */
  static final class Network {
    private final Map<Integer, MemoryChannel> byPort = new ConcurrentHashMap<>();

    /** Channels whose listeners are called on {@code ioThread}. */
    DataChannelProvider provider(Executor ioThread) {
      return new DataChannelProvider() {
        @Override
        public String name() {
          return "memory";
        }

        @Override
        public Availability availability() {
          return Availability.yes("one process");
        }

        @Override
        public int priority() {
          return 0;
        }

        @Override
        public DataChannel open(
            ChannelSettings settings, PieceServer server, PeerListener listener) {
          return new MemoryChannel(Network.this, settings, server, listener, ioThread);
        }
      };
    }
  }

  @Override
  public InetSocketAddress listen() {
    network.byPort.put(settings.port(), this);
    return new InetSocketAddress(settings.port());
  }

  @Override
  public CompletableFuture<PeerConnection> connect(InetSocketAddress address) {
    MemoryChannel peer = network.byPort.get(address.getPort());
    if (peer == null) {
      return CompletableFuture.failedFuture(new IOException("Nobody listens at " + address));
    }
    Connection here = new Connection(this, peer.settings.peerId(), /* isOutgoing= */ true);
    Connection there = new Connection(peer, settings.peerId(), /* isOutgoing= */ false);
    here.other = there;
    there.other = here;
    CompletableFuture<PeerConnection> connected = new CompletableFuture<>();
    // This end first: what the other one says at once must not come before it.
    here.happens(
        () -> {
          listener.connected(here);
          connected.complete(here);
        });
    there.happens(() -> peer.listener.connected(there));
    return connected;
  }

  @Override
  public ChannelStats stats() {
    return new ChannelStats(Map.of(), Map.of(), Map.of(), Set.of());
  }

  @Override
  public void close() {
    network.byPort.remove(settings.port(), this);
  }

  /** The CRC32 of a piece of that length. */
  static int crc32(int lengthBytes) {
    CRC32 crc = new CRC32();
    crc.update(new byte[lengthBytes]);
    return (int) crc.getValue();
  }

  /** One end of a connection. Thread-safe. */
  private static final class Connection implements PeerConnection {
    private final MemoryChannel channel;
    private final String peerId;
    private final boolean isOutgoing;

    /** Not the connection itself: what is locked is slower to be found in a map. */
    private final Queue<Runnable> events = new ArrayDeque<>();

    private final Map<Integer, Integer> crcs = new ConcurrentHashMap<>();
    private volatile boolean isOpen = true;
    private boolean reading = true;
    private boolean delivering;
    private Connection other;

    Connection(MemoryChannel channel, String peerId, boolean isOutgoing) {
      this.channel = channel;
      this.peerId = peerId;
      this.isOutgoing = isOutgoing;
    }

    /** Something comes in at this end. */
    private void happens(Runnable event) {
      synchronized (events) {
        events.add(event);
      }
      deliverSoon();
    }

    private void deliverSoon() {
      synchronized (events) {
        if (delivering || !reading || events.isEmpty()) {
          return;
        }
        delivering = true;
      }
      channel.ioThread.execute(this::deliver);
    }

    private void deliver() {
      for (Runnable event = next(); event != null; event = next()) {
        event.run();
      }
    }

    private Runnable next() {
      synchronized (events) {
        Runnable event = reading ? events.poll() : null;
        delivering = event != null;
        return event;
      }
    }

    @Override
    public void setReading(boolean isReading) {
      synchronized (events) {
        reading = isReading;
      }
      deliverSoon();
    }

    @Override
    public String peerId() {
      return peerId;
    }

    @Override
    public InetSocketAddress remoteAddress() {
      return new InetSocketAddress(other.channel.settings.port());
    }

    @Override
    public boolean isOutgoing() {
      return isOutgoing;
    }

    @Override
    public boolean isOpen() {
      return isOpen;
    }

    @Override
    public void send(ByteBuffer message) {
      other.happens(() -> other.channel.listener.received(other, message));
    }

    @Override
    public PieceTransfer request(PieceRequest request, PieceReceiver receiver, long timeoutMs) {
      Transfer transfer = new Transfer();
      other.happens(
          () ->
              other
                  .channel
                  .server
                  .serve(other, request)
                  .whenComplete(
                      (answer, failure) ->
                          channel.ioThread.execute(
                              () -> answered(request, receiver, transfer, answer, failure))));
      return transfer;
    }

    private void answered(
        PieceRequest request,
        PieceReceiver receiver,
        Transfer transfer,
        PieceAnswer answer,
        Throwable failure) {
      if (failure != null) {
        transfer.completion.completeExceptionally(failure);
      } else if (answer.refusal() != null) {
        transfer.completion.completeExceptionally(
            new PieceRefusedException(answer.refusal(), Remedy.RETRY_ELSEWHERE, "refused"));
      } else {
        int lengthBytes = request.lengthBytes();
        try {
          receiver.write(0, ByteBuffer.allocate(lengthBytes));
          int crc32 = crcs.computeIfAbsent(lengthBytes, MemoryChannel::crc32);
          transfer.completion.complete(new PieceReceipt(crc32, lengthBytes, 1));
        } catch (IOException e) {
          transfer.completion.completeExceptionally(e);
        }
        answer.release(true);
      }
    }

    @Override
    public long silentNs() {
      return 0;
    }

    @Override
    public void ping() {}

    @Override
    public void close() {
      for (Connection end : new Connection[] {this, other}) {
        if (end.isOpen) {
          end.isOpen = false;
          end.happens(
              () -> end.channel.listener.disconnected(end, CloseReason.CLOSED_HERE, "closed"));
        }
      }
    }
  }

  private static final class Transfer implements PieceTransfer {
    private final CompletableFuture<PieceReceipt> completion = new CompletableFuture<>();

    @Override
    public CompletableFuture<PieceReceipt> completion() {
      return completion;
    }

    @Override
    public void cancel() {
      completion.completeExceptionally(new TransferException(Remedy.RETRY_ELSEWHERE, "called off"));
    }
  }
}
