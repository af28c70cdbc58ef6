// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.state.SwarmActions;

/** What is done with connections, and said on them. Returns at once. */
public interface PeerEffects {
  /** For a worker that shares with nobody. */
  PeerEffects NONE =
      new PeerEffects() {
        @Override
        public void connect(long peerId, boolean important) {}

        @Override
        public void disconnect(long peerId) {}

        @Override
        public void send(long peerId, SwarmMessage message) {}

        @Override
        public void ping(long peerId) {}

        @Override
        public long silentNs(long peerId) {
          return 0;
        }

        @Override
        public void quarantined(long peerId) {}
      };

  void connect(long peerId, boolean important);

  void disconnect(long peerId);

  void send(long peerId, SwarmMessage message);

  void ping(long peerId);

  /** A question: as {@link SwarmActions#silentNs}. */
  long silentNs(long peerId);

  /** This peer has sent wrong bytes too often; for the operator. */
  void quarantined(long peerId);
}
