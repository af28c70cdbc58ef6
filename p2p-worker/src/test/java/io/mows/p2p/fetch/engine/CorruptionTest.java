// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.engine.LyingPeer.Lie;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Origin and peers that send wrong bytes of every kind, on the whole path from a socket or a stream
 * to a reader. What a reader gets is right, or an error.
 */
final class CorruptionTest {
  private static final long SEED = 20_240_607;
  private static final int PIECES = 16;
  private static final int LIARS = 8;
  private static final int LENGTH_BYTES = PIECES * PIECE_BYTES - 77;
  private static final int BLOCK_BYTES = 4_500;

  @TempDir Path directory;
  private final FakeManifests manifests = new FakeManifests();
  private IOException lastFailure;

  /** How bytes go wrong. */
  private enum Kind {
    BIT,
    SWAPPED,
    STALE,
    ZERO_TAIL,
    TRUNCATED,
    OTHER_FILE
  }

  private static ByteBuffer wrong(Kind kind, FileSpec file, int piece, Random random) {
    FileLayout layout = file.layout();
    int length = layout.pieceLength(piece);
    ByteBuffer right = new Content(file.fileId(), 1).bytes(layout.pieceOffset(piece), length);
    int at = random.nextInt(length);
    switch (kind) {
      case BIT:
        return right.put(at, (byte) (right.get(at) ^ 1 << random.nextInt(8)));
      case SWAPPED:
        long other = layout.pieceOffset((piece + 1 + random.nextInt(PIECES - 1)) % PIECES);
        return new Content(file.fileId(), 1).bytes(other, length);
      case STALE:
        return new Content(file.fileId(), 2).bytes(layout.pieceOffset(piece), length);
      case ZERO_TAIL:
        for (int i = at; i < length; i++) {
          right.put(i, (byte) 0);
        }
        return right;
      case TRUNCATED:
        return right.limit(at);
      case OTHER_FILE:
        return new Content(file.fileId() + 1, 1).bytes(layout.pieceOffset(piece), length);
    }
    throw new AssertionError(kind);
  }

  /** Truncation is rare: who sees it tries again after a pause. */
  private static Kind anyKind(Random random) {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    return kind == Kind.TRUNCATED && random.nextInt(10) > 0 ? Kind.BIT : kind;
  }

  /** Reads all of the file; false if the reader got an error. */
  private boolean read(TestWorker worker, FileSpec file) {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH_BYTES);
    try {
      worker.engine.read(file, 0, bytes);
    } catch (IOException e) {
      lastFailure = e;
      return false;
    }
    TestWorker.check(file, 1, 0, bytes.flip());
    return true;
  }

  /**
   * A strict worker alone: nobody has proven the files before. Some files are wrong once, some each
   * time they are read, some not at all.
   */
  @Test
  void shouldShowNoneOfThousandsOfWrongPiecesFromTheOrigin() {
    AtomicInteger corruptions = new AtomicInteger();
    Random random = new Random(SEED);
    int errors = 0;
    int proven = 0;
    try (TestWorker worker =
        new TestWorker(directory, TestWorker.settings().verifying(VerifyMode.STRICT, manifests))) {
      worker.source.corrupt(
          (file, offset, right) -> {
            synchronized (random) {
              // Three in four files are wrong at first; of these, one in three stays wrong.
              boolean wrong =
                  worker.events.wrongOnce.get() + worker.events.proven.get() < file.fileId()
                      ? file.fileId() % 4 != 0
                      : file.fileId() % 3 == 0;
              if (!wrong || random.nextInt(2) == 0) {
                return right;
              }
              corruptions.incrementAndGet();
              int piece = file.layout().pieceAt(offset);
              return wrong(anyKind(random), file, piece, random);
            }
          });
      for (int id = 1; corruptions.get() < 9_000; id++) {
        FileSpec file = worker.file(id, LENGTH_BYTES, BLOCK_BYTES);
        if (read(worker, file)) {
          proven++;
        } else {
          errors++;
          boolean truncated = String.valueOf(lastFailure).contains(FakeSource.TRUNCATED);
          assertTrue(
              truncated || worker.engine.verification().refusal(file).isPresent(),
              () -> file + " " + lastFailure);
        }
        for (int block = 0; block < file.layout().blockCount(); block++) {
          worker.space.evict(file.blockId(block));
        }
      }
    }
    assertTrue(errors > 30 && proven > 30, "seed " + SEED + ": " + errors + ", " + proven);
  }

  /**
   * A peer that lies and an origin that is wrong at times; somebody has proven the files before.
   */
  @Test
  void shouldShowNoneOfThousandsOfWrongPiecesFromPeers() throws Exception {
    Random random = new Random(SEED);
    AtomicInteger corruptions = new AtomicInteger();
    FetchSettings settings = TestWorker.settings().verifying(VerifyMode.PIECE, manifests);
    List<LyingPeer> liars = new ArrayList<>();
    try (TestSwarm swarm = new TestSwarm(directory);
        AutoCloseable closing = () -> liars.forEach(LyingPeer::close)) {
      assertNotNull(closing);
      for (int i = 0; i < LIARS; i++) {
        liars.add(swarm.joinLying((file, piece) -> lie(file, piece, random, corruptions)));
      }
      TestWorker worker = swarm.join("default", PeerRole.INSTANCE, settings);
      for (int id = 1; corruptions.get() < 1_000; id++) {
        FileSpec file = worker.file(id, LENGTH_BYTES, BLOCK_BYTES);
        // As if the locator had told: checked against our own manifest all the same.
        worker.prove(file, manifests);
        liars.forEach(liar -> liar.claim(file));
        worker.engine.readAhead(List.of(file), Long.MAX_VALUE);
        assertTrue(read(worker, file), () -> worker.events + " " + lastFailure);
        // Their quarantines end.
        worker.pass(2, TimeUnit.HOURS);
      }
      assertEquals(0, worker.events.wrongOnce.get());
      assertTrue(worker.events.quarantined.get() > 50, "quarantines " + worker.events.quarantined);
    }
  }

  private static Optional<Lie> lie(
      FileSpec file, int piece, Random random, AtomicInteger corruptions) {
    synchronized (random) {
      corruptions.incrementAndGet();
      FileLayout layout = file.layout();
      ByteBuffer right =
          new Content(file.fileId(), 1).bytes(layout.pieceOffset(piece), layout.pieceLength(piece));
      ByteBuffer bytes = wrong(anyKind(random), file, piece, random);
      switch (random.nextInt(4)) {
        case 0:
          return Optional.empty();
        case 1:
          return Optional.of(new Lie(bytes, Lie.crc(right)));
        default:
          return Optional.of(Lie.consistent(bytes));
      }
    }
  }

  /** The peer's memory rots: its CRC32s are from before. */
  @Test
  void shouldTakeNothingFromAPeerWhoseMemoryRots() throws Exception {
    FetchSettings settings = TestWorker.settings().verifying(VerifyMode.PIECE, manifests);
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker rotten = swarm.join("default", PeerRole.INSTANCE, settings);
      FileSpec file = rotten.file(7, LENGTH_BYTES, BLOCK_BYTES);
      TestWorker.await(rotten.engine.load(file, 0, LENGTH_BYTES));
      for (int block = 0; block < file.layout().blockCount(); block++) {
        rotten.space.rot(file.blockId(block), 100);
      }
      TestWorker worker = swarm.join("default", PeerRole.INSTANCE, settings);
      worker.readAll(worker.file(7, LENGTH_BYTES, BLOCK_BYTES));
    }
  }

  /** A file is wrong at the origin: nobody gets it, and nobody keeps it. */
  @Test
  void shouldRemoveAWrongFileFromAllWorkers() throws Exception {
    FetchSettings settings = TestWorker.settings().verifying(VerifyMode.PIECE, manifests);
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker one = swarm.join("default", PeerRole.INSTANCE, settings);
      TestWorker other = swarm.join("default", PeerRole.INSTANCE, settings);
      for (TestWorker worker : List.of(one, other)) {
        worker.space.allowWrongBytes();
        worker.source.corrupt(
            (file, offset, right) -> offset == 0 ? right.put(3, (byte) 0) : right);
        FileSpec file = worker.file(7, LENGTH_BYTES, BLOCK_BYTES);
        worker.engine.readAhead(List.of(file), Long.MAX_VALUE);
      }
      for (TestWorker worker : List.of(one, other)) {
        Eventually.until(() -> worker.events.wrongAgain.get() == 1, () -> "" + worker.events);
        Eventually.until(() -> worker.space.committedBlocks().isEmpty(), () -> "blocks stay");
        FileSpec file = worker.file(7, LENGTH_BYTES, BLOCK_BYTES);
        Throwable failure = worker.failureOfRead(file, 0, 10);
        assertEquals(Remedy.STOP, TransferException.remedyOf(failure));
      }
    }
  }

  @Test
  void shouldTellOthersWhatIsProven() throws Exception {
    FetchSettings settings = TestWorker.settings().verifying(VerifyMode.STRICT, manifests);
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker first = swarm.join("default", PeerRole.INSTANCE, settings);
      FileSpec file = first.file(7, LENGTH_BYTES, BLOCK_BYTES);
      TestWorker.await(first.engine.load(file, 0, LENGTH_BYTES));
      Eventually.until(() -> swarm.knowsDigest(7), () -> "the directory has no digest");
      TestWorker late = swarm.join("default", PeerRole.INSTANCE, settings);
      late.source.hold();
      // One piece is enough, because it can be compared.
      late.read(late.file(7, LENGTH_BYTES, BLOCK_BYTES), 5_000, 10);
      late.source.release();
    }
  }
}
