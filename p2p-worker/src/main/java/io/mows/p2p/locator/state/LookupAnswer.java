// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.Holder;
import io.mows.p2p.locator.Lookup;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.protocol.LookupQuery;
import java.util.ArrayList;
import java.util.List;

/** Whom the state names to those who ask for the swarms of files. */
final class LookupAnswer {
  private LookupAnswer() {}

  /** Answers from {@code state}; each answer is {@code ageMs} old. */
  static List<Lookup> to(LookupQuery query, LocatorState state, long ageMs) {
    List<Lookup> answers = new ArrayList<>(query.fileIds().size());
    for (long fileId : query.fileIds()) {
      FileState file = state.files().get(fileId);
      answers.add(file == null ? nobody(fileId, state, ageMs) : answer(query, file, state, ageMs));
    }
    return answers;
  }

  private static Lookup nobody(long fileId, LocatorState state, long ageMs) {
    return new Lookup(
        fileId, List.of(), List.of(), 0, 0, state.peers().size(), state.epoch(), ageMs);
  }

  private static Lookup answer(LookupQuery query, FileState file, LocatorState state, long ageMs) {
    PeerState known = state.peers().get(query.asker());
    PeerRole role = known == null ? PeerRole.INSTANCE : known.info().role();
    HolderRanking ranking =
        new HolderRanking(
            file.info(), query.asker(), query.group(), role, query.neighbours(), query.owners());
    file.holders().forEach((id, holding) -> ranking.add(holding));
    return new Lookup(
        file.info().id(),
        withLoad(ranking.neighbours(), state),
        withLoad(ranking.owners(), state),
        ranking.holders(),
        ranking.complete(),
        state.peers().size(),
        state.epoch(),
        ageMs);
  }

  private static List<Holder> withLoad(List<FileState.Holding> holdings, LocatorState state) {
    List<Holder> holders = new ArrayList<>(holdings.size());
    for (FileState.Holding holding : holdings) {
      PeerLoad load = state.peers().get(holding.peer().id()).load();
      holders.add(new Holder(holding.peer(), holding.coverage(), load));
    }
    return holders;
  }
}
