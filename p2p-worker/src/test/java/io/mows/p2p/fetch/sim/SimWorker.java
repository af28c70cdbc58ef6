// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.channel.RefusalReason;
import io.mows.p2p.fetch.AllEffects;
import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.Waiters;
import io.mows.p2p.fetch.core.CoreProbe;
import io.mows.p2p.fetch.core.FetchCore;
import io.mows.p2p.fetch.core.FetchInput;
import io.mows.p2p.fetch.file.FetchProbe;
import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.fetch.state.MemberQuestion;
import io.mows.p2p.fetch.table.FileProof.Verdict;
import io.mows.p2p.fetch.table.Target;
import io.mows.p2p.fetch.table.UncachedSlots;
import io.mows.p2p.fetch.table.Visible;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.swarm.SwarmNode;
import io.mows.p2p.swarm.SwarmProbe;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One simulated worker: the real {@link FetchCore}, with effects that happen in simulated time. */
final class SimWorker implements AllEffects {
  private static final int MOST_IN_VAIN = 100;

  private final SimWorld world;
  private final long id;
  private final SimTime time;
  private final Complaints complaints;
  private final SimStore store;
  private final SimStoreOrder storeOrder;
  private final SimTransfers transfers;
  private final VerifyMode mode;
  private final FetchCore core;
  private final FetchInput input;
  private final SimReaders readers;
  private final SimPeer peer;
  private final SimReplays replays;

  /** What readers see: the pieces, the shares by room, and the slots. */
  private final Map<Long, Map<Integer, Long>> published = new HashMap<>();

  private final Set<String> shares = new HashSet<>();
  private final Map<Long, Visible> visible = new HashMap<>();
  private final Set<Long> openLoads = new HashSet<>();

  /** By file: when something was in the way of its readers for the last time. */
  private final Map<Long, Long> disturbedNs = new HashMap<>();

  /**
   * Pieces that have gone since the last decision: what was said before may still be on its way.
   */
  private final Set<String> justGone = new HashSet<>();

  private final int maxReads;
  private final long maxSlots;
  private int widest;

  /** So often in a row it wanted to be asked again at once. */
  private int inVain;

  private long wakeNs = Long.MAX_VALUE;
  private boolean isBlameWatched;
  private boolean isDead;

  /** What has happened since it hangs; null if it does not. */
  private Queue<Consumer<FetchInput>> missed;

  SimWorker(SimWorld world, long id, FetchSettings settings, VerifyMode mode, long quotaBytes) {
    this.world = world;
    this.id = id;
    this.time = world.time();
    this.complaints = world.complaints();
    this.mode = mode;
    this.maxReads = settings.maxReads();
    this.maxSlots = settings.uncachedBytes() / settings.pieceBytes();
    this.store = new SimStore(time, quotaBytes, complaints);
    this.storeOrder = new SimStoreOrder(time, complaints);
    this.transfers = new SimTransfers(this, time, store, complaints);
    this.readers = new SimReaders(this, time, complaints);
    this.peer = world.newPeer(this);
    this.replays = new SimReplays(time, complaints, world.isFuzzed());
    this.core =
        new FetchCore(
            settings,
            OptionalLong.of(id),
            replays.watched(world.traced(id, "does", AllEffects.class, this)),
            SimEvents.of(this::blamed),
            time.nowNs());
    this.input = world.traced(id, "hears", FetchInput.class, core);
  }

  SimWorld world() {
    return world;
  }

  long id() {
    return id;
  }

  SimStore simStore() {
    return store;
  }

  SimTransfers simTransfers() {
    return transfers;
  }

  SimReaders simReaders() {
    return readers;
  }

  SimPeer peer() {
    return peer;
  }

  FetchCore core() {
    return core;
  }

  /** Hands over an event now, has the core decide, and looks whether all is as it must be. */
  void post(Consumer<FetchInput> event) {
    if (missed != null) {
      missed.add(event);
    } else if (!isDead) {
      core.at(time.nowNs());
      event.accept(input);
      world.handled(this);
    }
  }

  /** From now on nothing happens in it. */
  void die() {
    isDead = true;
  }

  /** It goes on later, as a process that was stopped. */
  void hang() {
    missed = new ArrayDeque<>();
  }

  void resume() {
    Queue<Consumer<FetchInput>> all = missed;
    missed = null;
    all.forEach(this::post);
  }

  boolean isHung() {
    return missed != null;
  }

  boolean isDead() {
    return isDead;
  }

  /** As {@link #post}, of something that was asked for and has its end with that. */
  void answer(String what, Consumer<FetchInput> event) {
    post(event);
    replays.maybeAgain(what, () -> event.accept(core.at(time.nowNs())));
  }

  void decide() {
    if (isDead || isHung()) {
      return;
    }
    OptionalLong wake = core.at(time.nowNs()).decide();
    justGone.clear();
    world.decided(this);
    boolean isAtOnce = wake.isPresent() && wake.getAsLong() <= time.nowNs();
    inVain = isAtOnce ? inVain + 1 : 0;
    if (inVain > MOST_IN_VAIN) {
      complaints.add("worker " + id + " decides nothing, and wants to decide again at once");
    }
    if (wake.isPresent() && wake.getAsLong() < wakeNs) {
      long at = wake.getAsLong();
      wakeNs = at;
      time.later(
          Math.max(1, at - time.nowNs()),
          () -> {
            if (wakeNs == at) {
              wakeNs = Long.MAX_VALUE;
              decide();
            }
          });
    }
  }

  /** Hands over an event of this worker's own store, for which nobody else may be blamed. */
  void ownFault(Runnable event) {
    SimBlame before = new SimBlame(core, time.nowNs());
    isBlameWatched = true;
    event.run();
    isBlameWatched = false;
    before.check(complaints);
  }

  private void blamed(String whom) {
    if (isBlameWatched) {
      complaints.add("a fault of the store was taken for one of others: " + whom);
    }
  }

  /** Complains of each rule that is broken now. */
  void check() {
    for (FileSpec file : world.origin().files()) {
      Map<Integer, Long> here = published.get(file.fileId());
      if (here != null) {
        for (int piece : here.keySet()) {
          boolean has =
              core.fetches().get(file.fileId()).map(f -> f.plan().has(piece)).orElse(false);
          if (!has) {
            complaints.add("piece " + piece + " of " + file + " is shown and not ours");
          }
        }
      }
    }
    readers.check();
    core.fetches().all().forEach(fetch -> FetchProbe.check(fetch, complaints::add));
    checkCounts();
  }

  private void checkCounts() {
    SwarmNode node = core.state().swarm().node();
    SwarmProbe.check(node, Math.max(maxReads, widest + 1), complaints::add);
    int reads = 0;
    int downloads = 0;
    for (FileFetch fetch : core.fetches().all()) {
      reads += FetchProbe.originReads(fetch);
      downloads += FetchProbe.downloads(fetch);
    }
    if (reads != node.load().originReads() || downloads != node.load().downloads()) {
      complaints.add(
          "worker "
              + id
              + " has "
              + reads
              + " reads and "
              + downloads
              + " downloads, and takes them for "
              + node.load().originReads()
              + " and "
              + node.load().downloads());
    }
    if (transfers.slots() > maxSlots) {
      complaints.add("worker " + id + " keeps " + transfers.slots() + " pieces aside");
    }
  }

  /**
   * Since when nothing has been in the way of a reader of {@code file}; not before now if something
   * is.
   */
  long wellSinceNs(FileSpec file) {
    boolean mustFit = mode == VerifyMode.STRICT;
    if (world.isOriginSilent(this, file)
        || (mustFit && file.layout().lengthBytes() > store.quotaBytes())) {
      disturbedNs.put(file.fileId(), time.nowNs());
    }
    long sinceNs = Math.max(store.wellSinceNs(), world.origin().wellSinceNs(file));
    return Math.max(sinceNs, disturbedNs.getOrDefault(file.fileId(), 0L));
  }

  /** Whether readers may have this piece and it is here, as they see it. */
  boolean isShown(FileSpec file, int piece) {
    Map<Integer, Long> here = published.get(file.fileId());
    return here != null && here.containsKey(piece) && see(file).mayShow(piece);
  }

  /** Whether this piece has gone in the decision that is being carried out. */
  boolean isJustGone(long fileId, int piece) {
    return justGone.contains(fileId + "/" + piece);
  }

  private Visible see(FileSpec file) {
    return visible.getOrDefault(file.fileId(), Visible.unknown(mode));
  }

  boolean isShareShown(FileSpec file, int block, int piece, long room) {
    return shares.contains(share(file, block, piece, room));
  }

  private static String share(FileSpec file, int block, int piece, long room) {
    return file.fileId() + "/" + block + "/" + piece + "/" + room;
  }

  /** What a reader finds of {@code piece}; null if some of it is not here. */
  Integer read(FileSpec file, int piece) {
    Map<Integer, Long> here = published.get(file.fileId());
    Long slot = here == null ? null : here.get(piece);
    if (slot != null && slot != UncachedSlots.NONE && transfers.slot(slot) != null) {
      return transfers.slot(slot);
    }
    FileLayout layout = file.layout();
    Integer found = null;
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      Integer part = store.committedShare(file, b, piece);
      if (part == null) {
        part = filling(file, b, piece);
      }
      if (part == null) {
        return null;
      }
      found = found == null || found == SimOrigin.right(file, piece) ? part : found;
    }
    return found;
  }

  private Integer filling(FileSpec file, int block, int piece) {
    String prefix = file.fileId() + "/" + block + "/" + piece + "/";
    for (String share : shares) {
      if (share.startsWith(prefix)) {
        SimStore.Room room = store.room(Long.parseLong(share.substring(prefix.length())));
        if (room != null) {
          return room.share(piece);
        }
      }
    }
    return null;
  }

  /** Whatever readers can see is right, whether anybody reads it or not. */
  private void checkRight(FileSpec file, int piece) {
    Integer found = isShown(file, piece) ? read(file, piece) : null;
    if (found != null && found != SimOrigin.right(file, piece)) {
      complaints.add("piece " + piece + " of " + file + " is shown and wrong");
    }
  }

  // The store.

  /** Runs {@code call} after what was asked of the block before. */
  private void onStore(long ticket, long blockId, String what, boolean isOrdered, SimCall call) {
    onStore(blockId, what, isOrdered, call, (in, failure) -> in.stored(ticket, failure));
  }

  private void onStore(
      long blockId,
      String what,
      boolean isOrdered,
      SimCall call,
      BiConsumer<FetchInput, Throwable> then) {
    time.later(
        storeOrder.ask(blockId, what, isOrdered, time.someNs(isOrdered ? 15 : world.commitMs())),
        () -> {
          Throwable failure = null;
          try {
            call.run();
          } catch (IOException e) {
            failure = e;
          }
          Throwable why = failure;
          if (why == null) {
            answer("stored", in -> then.accept(in, null));
          } else {
            answer("stored", in -> ownFault(() -> then.accept(in, why)));
          }
        });
  }

  private interface SimCall {
    void run() throws IOException;
  }

  @Override
  public boolean isCommitted(long blockId) {
    return store.isCommitted(blockId);
  }

  @Override
  public void reserve(long ticket, FileSpec file, int block, boolean mayLink) {
    boolean isLinked = mayLink && world.hasTwin();
    SimCall call =
        () -> {
          store.reserve(ticket, file, block, evicted -> evictedSoon(evicted, 5));
          if (isLinked) {
            // Of a file that is proven, the engine finds what has rotted.
            store.room(ticket).link(file, isProven(file) && time.oneIn(8));
          }
        };
    onStore(
        file.blockId(block),
        "reserve",
        true,
        call,
        (in, failure) -> {
          if (isLinked && failure == null) {
            in.roomLinked(ticket);
          } else {
            in.stored(ticket, failure);
          }
        });
  }

  private boolean isProven(FileSpec file) {
    return core.state().proofs().of(file).verdict() == Verdict.PROVEN;
  }

  /** The store has dropped this block, which becomes known a little later. */
  void evictedSoon(long blockId, int maxMs) {
    time.later(time.someNs(maxMs), () -> post(in -> evicted(in, blockId)));
  }

  private void evicted(FetchInput in, long blockId) {
    FileSpec file = world.origin().file(blockId >> 24);
    FileLayout layout = file.layout();
    int block = file.blockOf(blockId);
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      justGone.add(file.fileId() + "/" + p);
    }
    in.blockEvicted(blockId);
  }

  @Override
  public void commit(long ticket, FileSpec file, int block, long room) {
    if (!see(file).mayShow()) {
      complaints.add("block " + block + " of " + file + " is committed while nobody may see it");
    }
    SimStore.Room full = store.room(room);
    if (full == null || !full.isRight(file)) {
      complaints.add("block " + block + " of " + file + " is committed and is not right");
    }
    onStore(ticket, file.blockId(block), "commit", false, () -> store.commit(file, block, room));
  }

  @Override
  public void closeRoom(FileSpec file, int block, long room) {
    hide(file, block, room);
  }

  private void hide(FileSpec file, int block, long room) {
    FileLayout layout = file.layout();
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      shares.remove(share(file, block, p, room));
    }
  }

  @Override
  public void abort(long ticket, FileSpec file, int block, long room) {
    hide(file, block, room);
    store.close(room);
    onStore(ticket, file.blockId(block), "abort", true, () -> store.abort(file, block, room));
  }

  @Override
  public void remove(long ticket, FileSpec file, int block) {
    onStore(ticket, file.blockId(block), "remove", true, () -> store.remove(file.blockId(block)));
  }

  @Override
  public void askRoom() {
    time.later(time.someNs(5), () -> post(in -> in.roomAnswered(store.writableBytes(), null)));
  }

  // Transfers.

  @Override
  public void readOrigin(long ticket, FileSpec file, int piece, Target target) {
    transfers.readOrigin(ticket, file, piece, target);
  }

  @Override
  public void download(
      long ticket, long peerId, FileSpec file, int piece, Target target, boolean urgent) {
    if (see(file).isSuspect()) {
      complaints.add(file + " was wrong, and is taken from a peer");
    }
    peer.download(transfers.begin(ticket, file, piece, target), peerId, urgent);
  }

  @Override
  public void readLinked(long ticket, FileSpec file, int piece, Target target) {
    transfers.readLinked(ticket, file, piece, target);
  }

  @Override
  public void copyScratch(long ticket, FileSpec file, int piece, Target target) {
    transfers.copyScratch(ticket, file, piece, target);
  }

  @Override
  public void dropScratch(long ticket) {
    transfers.dropScratch(ticket);
  }

  @Override
  public void cancel(long ticket) {
    transfers.cancel(ticket);
  }

  @Override
  public int originWidth() {
    int width = world.originWidth(this);
    widest = Math.max(widest, width);
    return width;
  }

  // Questions.

  @Override
  public void askVersion(long ticket, FileSpec file) {
    blamed("the origin is asked for its version");
    time.later(
        time.someNs(20),
        () -> {
          Throwable failure = world.origin().confirm(file);
          answer("versionAnswered", in -> in.versionAnswered(ticket, failure));
        });
  }

  @Override
  public void askManifest(long ticket, FileSpec file) {
    time.later(
        time.someNs(50),
        () -> {
          Throwable failure = world.origin().fault();
          Expectation said =
              world.hasManifests()
                  ? Expectation.crc32(world.origin().digest(file).fileCrc32(), "crc32.txt")
                  : Expectation.noManifest();
          answer(
              "manifestAnswered",
              in -> in.manifestAnswered(ticket, failure == null ? said : null, failure));
        });
  }

  @Override
  public void askDigest(long ticket, long fileId) {
    Optional<PieceDigest> known = world.proven(fileId);
    time.later(time.someNs(20), () -> answer("digestHeard", in -> in.digestHeard(ticket, known)));
  }

  @Override
  public void askMembers(List<MemberQuestion> questions) {
    world.askMembers(this, questions);
  }

  @Override
  public void checkPiece(long check, FileSpec file, int piece) {
    time.later(
        time.someNs(5),
        () -> {
          FileLayout layout = file.layout();
          Integer share = null;
          boolean isWhole = true;
          for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
            share = store.committedShare(file, b, piece);
            isWhole &= share != null;
          }
          OptionalInt crc32 = isWhole ? OptionalInt.of(share) : OptionalInt.empty();
          answer("pieceChecked", in -> in.pieceChecked(check, crc32));
        });
  }

  @Override
  public void announce(FileSpec file, int present, boolean fetching) {
    world.announce(this, file, present, fetching);
  }

  @Override
  public void withdraw(long fileId) {
    world.withdraw(this, fileId);
  }

  @Override
  public void prove(FileSpec file, PieceDigest digest) {
    world.prove(file, digest);
  }

  // What readers see.

  @Override
  public void begin(FileSpec file, int fetch) {
    published.put(file.fileId(), new HashMap<>());
  }

  @Override
  public void end(FileSpec file, int fetch) {
    Map<Integer, Long> gone = published.remove(file.fileId());
    if (gone != null) {
      gone.keySet().forEach(piece -> justGone.add(file.fileId() + "/" + piece));
    }
  }

  @Override
  public void publishShare(FileSpec file, int block, int piece, long room) {
    shares.add(share(file, block, piece, room));
  }

  @Override
  public void publish(FileSpec file, int piece, long slot) {
    published.get(file.fileId()).put(piece, slot);
    world.published(this, file, piece);
  }

  @Override
  public void unpublish(FileSpec file, int piece) {
    published.get(file.fileId()).remove(piece);
    justGone.add(file.fileId() + "/" + piece);
  }

  @Override
  public void freeSlot(long slot) {
    transfers.freeSlot(slot);
  }

  @Override
  public void see(long fileId, Visible now) {
    Visible before = visible.put(fileId, now);
    boolean wasHidden = before == null || !before.mayShow() || before.isAnyHeldBack();
    Map<Integer, Long> here = published.get(fileId);
    if (wasHidden && now.mayShow() && here != null) {
      FileSpec file = world.origin().file(fileId);
      here.keySet().forEach(piece -> checkRight(file, piece));
    }
  }

  @Override
  public void waiters(FileSpec file, Waiters waiters) {
    // Nobody looks.
  }

  @Override
  public void originWaits(Map<Long, OriginWait> waits) {
    // Nobody looks.
  }

  // Those who wait.

  @Override
  public void wake(long reader) {
    readers.woken(reader);
  }

  @Override
  public void lookAgain(long reader) {
    readers.looksAgain(reader);
  }

  @Override
  public void failReader(long reader, Throwable failure) {
    readers.failed(reader);
  }

  @Override
  public void refuseReader(long reader, Throwable failure) {
    readers.failed(reader);
  }

  /** A load is begun; it has to end. */
  void loads(long load) {
    openLoads.add(load);
  }

  @Override
  public void loadDone(long load) {
    endLoad(load);
  }

  @Override
  public void loadFailed(long load, Throwable failure) {
    endLoad(load);
  }

  private void endLoad(long load) {
    if (!openLoads.remove(load)) {
      complaints.add("load " + load + " ended twice");
    }
  }

  @Override
  public void lanePartial(String lane, long bytes) {
    // Nobody looks.
  }

  @Override
  public void othersFetch(boolean othersFetch) {
    // Nobody looks.
  }

  // Peers.

  @Override
  public void connect(long peerId, boolean important) {
    world.connect(this, peerId, important);
  }

  @Override
  public void disconnect(long peerId) {
    world.disconnect(this, peerId);
  }

  @Override
  public void send(long peerId, SwarmMessage message) {
    peer.checkPromises(message);
    world.send(this, peerId, message);
  }

  @Override
  public void ping(long peerId) {
    peer.ping(peerId);
  }

  @Override
  public long silentNs(long peerId) {
    return peer.silentNs(peerId);
  }

  @Override
  public void quarantined(long peerId) {
    // For the operator.
  }

  @Override
  public void openPiece(long request, FileSpec file, int piece, OptionalInt crc32) {
    if (see(file).isSuspect()) {
      complaints.add(file + " was wrong, and is given to a peer");
    }
    peer.open(request, file, piece);
  }

  @Override
  public void sendPiece(long request) {
    peer.sendPiece(request);
  }

  @Override
  public void refuse(long request, RefusalReason reason) {
    peer.refuse(request, reason);
  }

  @Override
  public void warn(String message, Throwable cause) {
    // For the operator.
  }

  @Override
  public void error(String message, Throwable cause) {
    // For the operator.
  }

  /** Complains of what is left when nobody has wanted anything for long. */
  void checkRest() {
    if (!core.fetches().all().isEmpty()) {
      FileFetch left = core.fetches().all().get(0);
      complaints.add(
          "worker "
              + id
              + " still fetches "
              + left.file()
              + (left.plan().isIdle() ? ", idle" : ", busy")
              + (see(left.file()).mayShow() ? ", shown" : ", hidden")
              + (left.isAsking() ? ", asking" : "")
              + (left.verifier().isBusy() ? ", to be proven" : "")
              + (left.wants().isNothingWanted() ? "" : ", wanted")
              + (core.state().storeHealth().isFailing() ? ", nothing is written" : ""));
    }
    if (transfers.isAny()) {
      complaints.add("worker " + id + " has transfers that never end");
    }
    if (transfers.isAnySlotLeft()) {
      complaints.add("worker " + id + " keeps pieces aside");
    }
    if (store.isAnyRoomLeft()) {
      complaints.add("worker " + id + " keeps room that it does not fill");
    }
    if (!openLoads.isEmpty()) {
      complaints.add("worker " + id + " has loads that never end: " + openLoads.size());
    }
    readers.checkRest();
    CoreProbe.checkRest(core, left -> complaints.add("worker " + id + " still has " + left));
  }

  /** Things to be done now and then, as the engine's loop does. */
  void tickLater(long untilNs) {
    long periodNs = TimeUnit.MILLISECONDS.toNanos(world.isFaulty() ? 250 : 1_000);
    time.later(
        periodNs,
        () -> {
          post(FetchInput::sweep);
          post(FetchInput::scrub);
          if (time.nowNs() < untilNs) {
            tickLater(untilNs);
          }
        });
  }
}
