// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.channel.ChannelSettings;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRequest;
import io.mows.channel.memory.BlockParts;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.peer.HostResolver;
import io.mows.p2p.peer.PeerEvents;
import io.mows.p2p.peer.PeerNetwork;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.swarm.OwnerShares;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Peers that fetch the same files as the worker that is measured, at its pace, and say what real
 * ones would: of each piece that it comes and that it is here, what is new since their last nap in
 * one message for each file; an offer for each free slot of the worker; a request for each offer
 * that they can use. All on one thread.
 */
final class CostCrowd implements AutoCloseable {
  /** So many pieces behind the first that somebody lacks are on their way. */
  private static final int WINDOW = 256;

  /** No more connections have been made for so long: on a busy machine the first takes seconds. */
  private static final long CONNECTED_NS = TimeUnit.SECONDS.toNanos(1);

  /** How long a peer naps at work; what is new by then it tells together ({@code LoopRest}). */
  private static final long NAP_NS = TimeUnit.MICROSECONDS.toNanos(200);

  /** An offer that has come to nothing is forgotten. */
  private static final int OFFER_STEPS = 2_000;

  private final PollingThread thread = new PollingThread("cost-crowd");
  private final long workerId;
  private final List<FileSpec> files;
  private final Map<Long, Integer> numbers = new HashMap<>();
  private final List<Peer> peers = new ArrayList<>();
  private final List<PieceBits> workersShare = new ArrayList<>();
  private final int pieces;
  private final int count;
  private long first;
  private long steps;
  private int connected;
  private long connectedNs;

  CostCrowd(PeerInfo worker, List<PeerInfo> infos, List<FileSpec> files, MemoryChannel.Network net)
      throws IOException {
    this.workerId = worker.idHash();
    this.files = files;
    this.pieces = files.get(0).layout().pieceCount();
    this.count = infos.size();
    long[] ids = new long[infos.size() + 1];
    ids[0] = workerId;
    for (PeerInfo info : infos) {
      peers.add(new Peer(info, net));
      ids[peers.size()] = info.idHash();
    }
    for (FileSpec file : files) {
      long affinity = Rendezvous.affinity(file.path());
      numbers.put(file.fileId(), workersShare.size());
      workersShare.add(OwnerShares.of(workerId, affinity, file.fileId(), pieces, ids));
    }
  }

  /** The peers take part from now on. */
  void start() throws IOException {
    for (Peer peer : peers) {
      peer.network.listen();
    }
    thread.execute(this::step);
  }

  private void step() {
    if (!isConnected()) {
      thread.later(this::step);
      return;
    }
    steps++;
    boolean moved = false;
    // A worker need not be connected with the last one or two of so many.
    peers.removeIf(peer -> !peer.connected);
    while (first < (long) files.size() * pieces && isEverywhere(first)) {
      first++;
      moved = true;
    }
    for (Peer peer : peers) {
      moved |= peer.step();
    }
    offer();
    if (first < (long) files.size() * pieces) {
      if (moved) {
        thread.execute(this::step);
      } else {
        thread.later(this::step);
      }
    }
  }

  private boolean isConnected() {
    int now = (int) peers.stream().filter(peer -> peer.connected).count();
    if (steps == 0 && now != connected) {
      connected = now;
      connectedNs = System.nanoTime();
    }
    return steps > 0 || (now > 0 && System.nanoTime() - connectedNs >= CONNECTED_NS);
  }

  private boolean isEverywhere(long at) {
    int file = (int) (at / pieces);
    int piece = (int) (at % pieces);
    for (Peer peer : peers) {
      if (!peer.have.get(file).get(piece) || !peer.worker(file).get(piece)) {
        return false;
      }
    }
    return true;
  }

  /** No more than the worker has said that it takes. */
  private void offer() {
    int open = 0;
    int slots = Integer.MAX_VALUE;
    for (Peer peer : peers) {
      peer.offering &= steps - peer.offeredAt < OFFER_STEPS;
      open += peer.offering ? 1 : 0;
      slots = Math.min(slots, peer.workerSlots);
    }
    for (int i = 0; i < peers.size() && open < slots; i++) {
      Peer peer = peers.get((int) ((steps + i) % peers.size()));
      open += !peer.offering && peer.offer() ? 1 : 0;
    }
  }

  @Override
  public void close() {
    thread.close();
    peers.forEach(peer -> peer.network.close());
  }

  private final class Peer implements PeerEvents {
    private final PeerNetwork network;
    private final long id;
    private final Map<Integer, PieceBits> workers = new HashMap<>();
    private final List<PieceBits> have = new ArrayList<>();
    private final int index = peers.size();
    private boolean connected;
    private boolean offering;
    private long offeredAt;
    private int workerSlots;
    private long coming = -1;
    private final Map<Integer, News> news = new TreeMap<>();
    private long toldNs = System.nanoTime();

    Peer(PeerInfo info, MemoryChannel.Network net) throws IOException {
      this.id = info.idHash();
      int port =
          Integer.parseInt(info.dataAddress().substring(info.dataAddress().indexOf(':') + 1));
      this.network =
          new PeerNetwork(
              info,
              1,
              net.provider(thread),
              ChannelSettings.builder(info.id()).bind("127.0.0.1", port).build(),
              task -> {
                thread.execute(task);
                return true;
              },
              this,
              HostResolver.SYSTEM,
              System::nanoTime);
      files.forEach(file -> have.add(new PieceBits(pieces)));
    }

    /** What the worker has and is getting. */
    private PieceBits worker(int file) {
      return workers.computeIfAbsent(file, f -> new PieceBits(pieces));
    }

    /** Has what was coming, and begins with the next one. */
    boolean step() {
      long done = coming;
      coming = next();
      if (done >= 0) {
        have.get((int) (done / pieces)).set((int) (done % pieces));
        news((int) (done / pieces)).has(done);
      }
      if (coming >= 0) {
        news((int) (coming / pieces)).isGetting(coming);
      }
      tellAfterNap();
      return done >= 0 || coming >= 0 || !news.isEmpty();
    }

    private News news(int file) {
      return news.computeIfAbsent(file, f -> new News());
    }

    private void tellAfterNap() {
      long nowNs = System.nanoTime();
      if (!news.isEmpty() && nowNs - toldNs >= NAP_NS) {
        toldNs = nowNs;
        news.forEach((file, all) -> network.send(workerId, all.toDelta(file)));
        news.clear();
      }
    }

    /** Another one for each peer. */
    private long next() {
      int start = (int) Math.floorMod(id + steps, (long) WINDOW);
      for (int i = 0; i < WINDOW; i++) {
        long at = first + (start + i) % WINDOW;
        int file = (int) (at / pieces);
        int piece = (int) (at % pieces);
        if (file < files.size()
            && at != coming
            && !have.get(file).get(piece)
            && mayHave(file, piece)) {
          return at;
        }
      }
      return -1;
    }

    /** Somebody has it, or it is read from the origin by one of us, this one. */
    private boolean mayHave(int file, int piece) {
      if (peers.get(0).worker(file).get(piece)) {
        return true;
      }
      for (Peer peer : peers) {
        if (peer.have.get(file).get(piece)) {
          return true;
        }
      }
      return isOurs(file, piece);
    }

    /** Whether it is this peer that reads the piece from the origin. */
    private boolean isOurs(int file, int piece) {
      return piece % count == index && !workersShare.get(file).get(piece);
    }

    private PieceBits coming(int file) {
      PieceBits coming = new PieceBits(pieces);
      for (int piece = 0; piece < pieces; piece++) {
        if (isOurs(file, piece) && !have.get(file).get(piece)) {
          coming.set(piece);
        }
      }
      return coming;
    }

    boolean offer() {
      for (int i = 0; i < WINDOW; i++) {
        long at = first + i;
        int file = (int) (at / pieces);
        int piece = (int) (at % pieces);
        if (file < files.size() && have.get(file).get(piece) && !worker(file).get(piece)) {
          offering = true;
          offeredAt = steps;
          network.send(workerId, new SwarmMessage.Offer(files.get(file).fileId(), piece));
          return true;
        }
      }
      return false;
    }

    @Override
    public void connected(long peerId, Role role, boolean incoming, boolean important) {
      connected = true;
    }

    @Override
    public void lanes(long peerId, int count) {}

    @Override
    public void disconnected(long peerId, Cause cause) {
      connected = false;
    }

    @Override
    public int pieceCount(long fileId) {
      return numbers.containsKey(fileId) ? pieces : -1;
    }

    @Override
    public void received(long peerId, SwarmMessage message) {
      message.deliverTo(
          new SwarmMessage.Handler() {
            @Override
            public void onBitfield(long from, SwarmMessage.Bitfield map, long nowNs) {
              int file = numbers.get(map.fileId());
              workers.put(file, map.have().copy());
              for (int piece : map.arriving().toArray()) {
                worker(file).set(piece);
              }
              workerSlots = map.freeSlots();
              if (map.isAsking()) {
                PieceBits none = new PieceBits(pieces);
                network.send(
                    workerId,
                    new SwarmMessage.Bitfield(
                        map.fileId(), have.get(file).copy(), coming(file), none, 1, false));
              }
            }

            @Override
            public void onBitfieldDelta(long from, SwarmMessage.BitfieldDelta delta, long nowNs) {
              PieceBits worker = worker(numbers.get(delta.fileId()));
              for (int piece : delta.gone()) {
                worker.clear(piece);
              }
              for (int piece : delta.arriving()) {
                worker.set(piece);
              }
              for (int piece : delta.have()) {
                worker.set(piece);
              }
              workerSlots = delta.freeSlots();
            }

            @Override
            public void onRumour(long from, SwarmMessage.Rumour rumour, long nowNs) {}

            @Override
            public void onOffer(long from, SwarmMessage.Offer offer, long nowNs) {
              offered(numbers.get(offer.fileId()), offer.piece());
            }

            @Override
            public void onRequest(long from, SwarmMessage.Request request, long nowNs) {}

            @Override
            public void onReject(long from, SwarmMessage.Reject refused, long nowNs) {
              offering = false;
            }

            @Override
            public void onCancel(long from, SwarmMessage.Cancel cancel, long nowNs) {}
          },
          peerId,
          0);
    }

    private void offered(int file, int piece) {
      FileSpec spec = files.get(file);
      if (have.get(file).get(piece) || coming == (long) file * pieces + piece) {
        network.send(
            workerId,
            new SwarmMessage.Reject(spec.fileId(), piece, SwarmMessage.Reject.Reason.HAVE));
        return;
      }
      PieceRequest request =
          new PieceRequest(spec.fileId(), piece, 0, spec.layout().pieceLength(piece), false);
      network
          .request(workerId, request, (offset, src) -> {}, 10_000)
          .ifPresent(
              transfer ->
                  transfer
                      .completion()
                      .thenAcceptAsync(
                          receipt -> {
                            if (have.get(file).set(piece)) {
                              news(file).has(piece);
                            }
                          },
                          thread));
    }

    @Override
    public void requested(
        long peerId, PieceRequest request, CompletableFuture<PieceAnswer> answer) {
      offering = false;
      answer.complete(
          PieceAnswer.of(
              BlockParts.empty(), MemoryChannel.crc32(request.lengthBytes()), sent -> {}));
    }
  }

  /** What a peer has not told yet of one file. */
  private final class News {
    private final List<Integer> have = new ArrayList<>();
    private final List<Integer> arriving = new ArrayList<>();

    void has(long at) {
      have.add((int) (at % pieces));
    }

    void isGetting(long at) {
      arriving.add((int) (at % pieces));
    }

    SwarmMessage.BitfieldDelta toDelta(int file) {
      return new SwarmMessage.BitfieldDelta(
          files.get(file).fileId(), toArray(have), toArray(arriving), new int[0], 1);
    }

    private int[] toArray(List<Integer> all) {
      return all.stream().mapToInt(Integer::intValue).toArray();
    }
  }
}
