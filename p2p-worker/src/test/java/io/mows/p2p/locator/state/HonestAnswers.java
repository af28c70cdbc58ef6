// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.Holder;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.client.LocatorSettings;
import io.mows.p2p.locator.state.FileState.Holding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the directory tells of one file, for the simulator: the same choice of the same length as a
 * worker gets with the {@link LocatorSettings#WORKER} settings.
 */
public final class HonestAnswers {
  private final FileInfo file;
  private final Map<String, Holding> holdings = new LinkedHashMap<>();

  public HonestAnswers(FileInfo file) {
    this.file = file;
  }

  /** {@code peer} has or gets that much of the file. */
  public void put(PeerInfo peer, Coverage coverage) {
    holdings.put(peer.id(), new Holding(peer, coverage));
  }

  /** The lease of {@code peer} has run out. */
  public void remove(PeerInfo peer) {
    holdings.remove(peer.id());
  }

  /** All whom {@code asker} is told of: first whom to ask, then who may own pieces. */
  public List<Holder> tell(PeerInfo asker) {
    LocatorSettings settings = LocatorSettings.WORKER;
    HolderRanking ranking =
        new HolderRanking(
            file,
            asker.id(),
            asker.group(),
            asker.role(),
            settings.neighbours(),
            settings.owners());
    holdings.values().forEach(ranking::add);
    List<Holding> told = new ArrayList<>(ranking.neighbours());
    told.addAll(ranking.owners());
    List<Holder> holders = new ArrayList<>(told.size());
    told.forEach(h -> holders.add(new Holder(h.peer(), h.coverage(), PeerLoad.NONE)));
    return holders;
  }
}
