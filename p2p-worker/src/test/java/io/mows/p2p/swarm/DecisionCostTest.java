// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.state.SwarmActions;
import io.mows.p2p.swarm.state.SwarmSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A decision costs what has happened since the last one, however many files there are. */
final class DecisionCostTest {
  private static final int PIECES = 4;
  private static final long PEER = 77;

  /** A worker with one connected peer, whose origin answers at once. */
  private static final class Worker implements SwarmActions {
    private final SwarmNode node;
    private final Queue<Runnable> todo = new ArrayDeque<>();
    private final List<PieceTable> plans = new ArrayList<>();
    private long nowNs = 1;
    private long polls;
    private int landed;

    Worker() {
      node = new SwarmNode(1, new SwarmSettings.Builder().build(), this);
      node.connected(PEER, Role.GROUP, true, false, nowNs);
    }

    void fetch(int files) {
      for (int f = 0; f < files; f++) {
        PieceTable plan = new PieceTable(new FileLayout(PIECES, PIECES, 1), Backoff.DEFAULT);
        plan.wants().readAhead(Long.MAX_VALUE);
        plans.add(plan);
        node.fetchFile(f, 5, plan, PIECES, true, nowNs);
        node.members(f, List.of(), SwarmNode.NO_ANSWER, nowNs);
      }
    }

    /** Until nothing is left to be done. */
    void run() {
      poll();
      for (int idle = 0; idle < 100; ) {
        Runnable next = todo.poll();
        if (next == null) {
          idle++;
          nowNs += 10_000_000;
        } else {
          idle = 0;
          next.run();
        }
        poll();
      }
    }

    private void poll() {
      polls++;
      node.poll(nowNs);
    }

    @Override
    public void readOrigin(long fileId, int piece, boolean evenUncached) {
      todo.add(
          () -> {
            landed++;
            node.originLanded(fileId, piece);
            BitSet pieces = plans.get((int) fileId).beginValidation();
            node.confirmed(fileId, pieces);
          });
    }

    @Override
    public void connect(long peerId, boolean important) {}

    @Override
    public void disconnect(long peerId) {}

    @Override
    public void send(long peerId, SwarmMessage message) {}

    @Override
    public void download(long peerId, long fileId, int piece, boolean urgent, boolean hedge) {}

    @Override
    public void cancelDownload(long peerId, long fileId, int piece) {}

    @Override
    public void upload(long peerId, long fileId, int piece) {}

    @Override
    public void cancelUpload(long peerId, long fileId, int piece) {}

    @Override
    public void cancelOrigin(long fileId, int piece) {}
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 200, 2_000})
  void shouldLookAtEachFileAsOftenHoweverManyThereAre(int files) {
    Worker worker = new Worker();
    worker.fetch(files);
    worker.run();
    assertEquals(files * PIECES, worker.landed, "pieces read");
    double looks = (double) worker.node.filesLookedAt() / worker.landed;
    System.out.printf("%d files: %.1f looks a piece in %d polls%n", files, looks, worker.polls);
    assertTrue(looks < 24, looks + " looks a piece");
  }

  /**
   * So whoever drives it need not ask again for what it wanted done, unless that told it anything.
   */
  @Test
  void shouldHaveDecidedAllWhenNothingHasChanged() {
    Worker worker = new Worker();
    worker.fetch(20);
    for (int step = 0; step < 200; step++) {
      worker.nowNs += 60_000_000;
      worker.poll();
      int todo = worker.todo.size();
      worker.poll();
      assertEquals(todo, worker.todo.size(), "wanted in step " + step);
      Runnable next = worker.todo.poll();
      if (next != null) {
        next.run();
      }
    }
    assertEquals(20 * PIECES, worker.landed, "pieces read");
  }

  @Test
  void shouldLookAtNoFileWhenNothingHappens() {
    Worker worker = new Worker();
    worker.fetch(500);
    worker.run();
    long before = worker.node.filesLookedAt();
    for (int i = 0; i < 100; i++) {
      worker.nowNs++;
      worker.poll();
    }
    assertEquals(before, worker.node.filesLookedAt());
  }
}
