// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelSettings;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceServer;
import java.util.Optional;

/** What all connections of one {@link NettyDataChannel} have in common. */
final class Shared {
  private final ChannelSettings settings;
  private final PieceServer server;
  private final PeerListener listener;
  private final PayloadWriter payloadWriter;
  private final Counters counters;
  private final Strangers strangers;
  private final Optional<BulkPath> bulk;
  private final UploadSlots<Upload> slots;
  private final UploadRate rate;

  Shared(
      ChannelSettings settings,
      PieceServer server,
      PeerListener listener,
      PayloadWriter payloadWriter,
      Counters counters,
      Optional<BulkPath> bulk) {
    this.settings = settings;
    this.server = server;
    this.listener = listener;
    this.payloadWriter = payloadWriter;
    this.counters = counters;
    this.strangers = new Strangers(counters, System::nanoTime);
    this.bulk = bulk;
    this.slots =
        new UploadSlots<>(
            settings.maxUploads(), settings.maxUploadsPerPeer(), settings.maxQueuedPerPeer());
    this.rate = new UploadRate(settings.uploadBytesPerSecond());
  }

  ChannelSettings settings() {
    return settings;
  }

  PieceServer server() {
    return server;
  }

  PeerListener listener() {
    return listener;
  }

  PayloadWriter payloadWriter() {
    return payloadWriter;
  }

  Counters counters() {
    return counters;
  }

  Strangers strangers() {
    return strangers;
  }

  /** Another way for payload; empty if there is none here. */
  Optional<BulkPath> bulk() {
    return bulk;
  }

  UploadSlots<Upload> slots() {
    return slots;
  }

  UploadRate rate() {
    return rate;
  }
}
