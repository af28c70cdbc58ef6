// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.protocol.LongPolls;
import io.mows.p2p.locator.state.LocatorReplica;
import io.mows.p2p.locator.wire.ClockException;
import io.mows.p2p.locator.wire.MessageSeal;
import io.mows.p2p.locator.wire.MessageSeal.Opened;
import io.mows.p2p.locator.wire.ReplayGuard;
import io.mows.p2p.locator.wire.SealException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a {@link LocatorReplica} behind Ratis: checks who asks, stamps entries where they enter the
 * log, applies them in order, keeps snapshots. Ratis calls everything that changes it from one
 * thread, {@link #query} from any.
 */
final class LocatorStateMachine extends BaseStateMachine {
  private static final Logger LOG = LoggerFactory.getLogger(LocatorStateMachine.class);

  private final LocatorReplica directory = new LocatorReplica();
  private final SnapshotStore snapshots = new SnapshotStore();
  private final MessageSeal seal;
  private final SealPurpose purpose;
  private final ReplayGuard guard = new ReplayGuard();
  private final long startMs = System.currentTimeMillis();
  private final long startNs = System.nanoTime();
  private final SecureRandom random = new SecureRandom();
  private final LongPolls held = new LongPolls();
  private volatile StalenessGauge staleness;
  private volatile boolean needsReseal;
  private long unopenedEntries;
  private final AtomicInteger snapshotsInstalled = new AtomicInteger();

  LocatorStateMachine(RaftGroupId group, MessageSeal seal) {
    this.seal = seal;
    this.purpose = new SealPurpose(group);
  }

  LocatorReplica directory() {
    return directory;
  }

  /**
   * Whether there is something in the files that was not sealed as this member seals now, and that
   * the next snapshot covers.
   */
  boolean needsReseal() {
    return needsReseal;
  }

  /** Whether a snapshot would do something about that now. */
  boolean canReseal() {
    TermIndex applied = getLastAppliedTermIndex();
    return needsReseal && applied != null && applied.getIndex() > snapshots.latestIndex();
  }

  /** How often the leader had to send its snapshot. */
  int snapshotsInstalled() {
    return snapshotsInstalled.get();
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    getLifeCycle()
        .startAndTransition(
            () -> {
              super.initialize(server, group, storage);
              snapshots.init(storage);
              staleness = new StalenessGauge(server, group, directory);
              load();
            },
            IOException.class);
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  /** The leader's snapshot has been put into our directory. */
  @Override
  public void reinitialize() throws IOException {
    snapshots.loadLatestSnapshot();
    try {
      load();
    } catch (SealException e) {
      LOG.error(
          "The locator's leader has sent a snapshot that cannot be opened with this worker's"
              + " secrets; this member knows nothing until the workers announce it again",
          e);
      directory.restore(new LocatorReplica().snapshot());
      needsReseal = true;
      setLastAppliedTermIndex(snapshots.getLatestSnapshot().getTermIndex());
    }
    snapshotsInstalled.incrementAndGet();
    if (getLifeCycleState() == LifeCycle.State.PAUSED) {
      getLifeCycle().transition(LifeCycle.State.STARTING);
      getLifeCycle().transition(LifeCycle.State.RUNNING);
    }
  }

  private void load() throws IOException {
    SingleFileSnapshotInfo latest = snapshots.getLatestSnapshot();
    if (latest == null) {
      return;
    }
    Opened opened = seal.open(purpose.snapshot(), snapshots.read(latest));
    directory.restore(opened.message());
    held.news();
    setLastAppliedTermIndex(latest.getTermIndex());
    if (!opened.isFirst()) {
      sealAnew(latest, opened.message());
    }
    LOG.info(
        "The locator's directory has {} peers and {} files from the snapshot at {}",
        directory.peerCount(),
        directory.fileCount(),
        latest.getTermIndex());
  }

  /** At once: a snapshot can be taken again only after a next entry, which may never come. */
  private void sealAnew(SingleFileSnapshotInfo snapshot, byte[] state) {
    try {
      snapshots.write(snapshot.getTermIndex(), seal.seal(purpose.snapshot(), 0, 0, state));
    } catch (IOException e) {
      needsReseal = true;
      LOG.warn(
          "The locator's snapshot at {} could not be sealed with the worker's new secret; it is"
              + " tried again with the next entry. Keep the old secret until then",
          snapshot.getTermIndex(),
          e);
    }
  }

  @Override
  public long takeSnapshot() throws IOException {
    TermIndex applied = getLastAppliedTermIndex();
    if (applied == null || applied.getIndex() <= snapshots.latestIndex()) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    byte[] state = directory.snapshot();
    snapshots.write(applied, seal.seal(purpose.snapshot(), 0, 0, state));
    needsReseal = false;
    return applied.getIndex();
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return snapshots;
  }

  /** On the leader: what is wrong with an entry keeps it out of the log. */
  @Override
  public TransactionContext startTransaction(RaftClientRequest request) {
    TransactionContext.Builder transaction =
        TransactionContext.newBuilder().setStateMachine(this).setClientRequest(request);
    try {
      long nowMs = nowMs();
      Opened opened = check(purpose.entry(), RatisBytes.of(request.getMessage()), nowMs);
      byte[] record =
          seal.seal(purpose.logRecord(), 0, 0, directory.stamp(opened.message(), nowMs));
      return transaction
          .setLogData(RatisBytes.wrap(record))
          .setStateMachineContext(opened.nonce())
          .build();
    } catch (ClockException e) {
      String clock = ClockAnswer.text(clockAnswer(e));
      return transaction.build().setException(new IOException(e.getMessage() + " " + clock));
    } catch (IOException e) {
      return transaction.build().setException(e);
    }
  }

  /** The time at the start and what has passed since: nobody sets this clock back. */
  private long nowMs() {
    return startMs + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
  }

  private byte[] clockAnswer(ClockException refused) {
    return ClockAnswer.answer(seal, purpose, refused.nonce(), nowMs(), random.nextLong());
  }

  private Opened check(String what, byte[] message, long nowMs) throws SealException {
    Opened opened = seal.open(what, message);
    if (seal.hasSecret()) {
      guard.check(opened, nowMs);
    }
    return opened;
  }

  /** Must not fail whatever is in the log: Ratis closes the member if it does. */
  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    byte[] reply = new byte[0];
    long news = directory.newsVersion();
    try {
      byte[] sealed = entry.getStateMachineLogEntry().getLogData().toByteArray();
      Opened opened = seal.open(purpose.logRecord(), sealed);
      reply = directory.apply(opened.message());
      noteSeal(opened);
    } catch (SealException e) {
      passedOver(entry.getIndex(), e);
    }
    updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    if (news != directory.newsVersion()) {
      held.news();
    }
    Object nonce = transaction.getStateMachineContext();
    return CompletableFuture.completedFuture(
        nonce == null ? Message.EMPTY : sealReply((Long) nonce, reply));
  }

  private void noteSeal(Opened opened) {
    if (!opened.isFirst()) {
      needsReseal = true;
    }
  }

  /** Says so once for all that a change of secrets leaves behind. */
  private void passedOver(long index, SealException why) {
    needsReseal = true;
    unopenedEntries++;
    if (unopenedEntries == 1) {
      LOG.warn(
          "Passed over entry {} of the locator's log, and maybe more to come: the workers announce"
              + " again what was in them",
          index,
          why);
    } else {
      LOG.debug("Passed over entry {} of the locator's log", index, why);
    }
  }

  private Message sealReply(long requestNonce, byte[] reply) {
    return RatisBytes.message(
        seal.seal(purpose.reply(requestNonce), nowMs(), random.nextLong(), reply));
  }

  /** Any member answers, at once or when there is news, and says how old its knowledge may be. */
  @Override
  public CompletableFuture<Message> query(Message question) {
    try {
      Opened opened = check(purpose.query(getId()), RatisBytes.of(question), nowMs());
      long patienceMs = directory.patienceMs(opened.message());
      return patienceMs == 0
          ? CompletableFuture.completedFuture(answer(opened))
          : held.hold(
              patienceMs, () -> directory.patienceMs(opened.message()) == 0, () -> answer(opened));
    } catch (ClockException e) {
      return CompletableFuture.completedFuture(RatisBytes.message(clockAnswer(e)));
    } catch (SealException e) {
      return CompletableFuture.completedFuture(Refusal.message(e.getMessage()));
    }
  }

  private Message answer(Opened question) {
    long ageMs = staleness.ageMs(nowMs());
    return sealReply(question.nonce(), directory.answer(question.message(), ageMs));
  }

  @Override
  public void close() throws IOException {
    held.close();
    super.close();
  }

  @Override
  public CompletableFuture<Message> queryStale(Message question, long minIndex) {
    return query(question);
  }
}
