// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileProof.Verdict;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * The proofs of all files, and which files readers may see. Changed by the engine's thread only;
 * the methods that say so may be called by any thread.
 */
final class Proofs {
  /** 16 MB of CRC32s; at 4 MiB a piece they stand for 16 TiB. */
  private static final int MAX_PIECES = 4 << 20;

  private final VerifyMode mode;
  private final LongPredicate inUse;
  private final Map<Long, FileProof> proofs = new LinkedHashMap<>(16, 0.75f, true);

  /** The same ones, for any thread. */
  private final Map<Long, FileProof> readable = new ConcurrentHashMap<>();

  private final Set<Long> withheld = ConcurrentHashMap.newKeySet();
  private final Set<Long> discarding = ConcurrentHashMap.newKeySet();
  private final Set<Long> removing = ConcurrentHashMap.newKeySet();
  private final Set<Long> shown = ConcurrentHashMap.newKeySet();
  private final Map<Long, WrongFile> wrong = new ConcurrentHashMap<>();
  private final Map<Long, BitSet> heldBack = new ConcurrentHashMap<>();
  private final Set<Long> unjudged = ConcurrentHashMap.newKeySet();
  private final List<LongConsumer> onDropped = new CopyOnWriteArrayList<>();

  /** Kept for as long as the worker runs, for files may be open so long; there are few. */
  private final Map<Long, Integer> generations = new ConcurrentHashMap<>();

  private int pieces;

  /**
   * @param inUse whether the proof of this file must be kept
   */
  Proofs(VerifyMode mode, LongPredicate inUse) {
    this.mode = mode;
    this.inUse = inUse;
  }

  VerifyMode mode() {
    return mode;
  }

  /** Any thread: whether readers may have bytes of the file that are here. */
  boolean mayShow(long fileId) {
    return (withheld.isEmpty() || !withheld.contains(fileId))
        && (discarding.isEmpty() || !discarding.contains(fileId))
        && (removing.isEmpty() || !removing.contains(fileId))
        && (mode != VerifyMode.STRICT || shown.contains(fileId));
  }

  /** Any thread: whether readers may have {@code piece} if it is here. */
  boolean mayShow(long fileId, int piece) {
    BitSet held = heldBack.isEmpty() ? null : heldBack.get(fileId);
    return mayShow(fileId) && (held == null || !held.get(piece));
  }

  /**
   * Any thread: whether complete blocks of the file may be given to readers to read them by
   * themselves. They cannot be taken back, so not before the file's verdict, if one is to come.
   */
  boolean mayHandOver(long fileId) {
    return mayShow(fileId) && (unjudged.isEmpty() || !unjudged.contains(fileId));
  }

  /**
   * Any thread: whether readers may have the file, and its manifest was asked less than {@code
   * forNs} ago and has nothing left to say of it.
   */
  boolean isSettled(long fileId, long nowNs, long forNs) {
    FileProof proof = readable.get(fileId);
    boolean said = proof != null && proof.isSettled(nowNs, forNs);
    return mayHandOver(fileId) && (said || mode == VerifyMode.OFF);
  }

  /** Whether a complete block may become everybody's. */
  boolean mayCommit(long fileId) {
    return mayShow(fileId) && !heldBack.containsKey(fileId);
  }

  /** Any thread: whether the file has been wrong and is not proven since. */
  boolean isSuspect(long fileId) {
    return !withheld.isEmpty() && withheld.contains(fileId);
  }

  /** Any thread: whether readers may have bytes that nobody has checked. */
  boolean mayBypass(long fileId) {
    return mode != VerifyMode.STRICT && mayShow(fileId);
  }

  /** Any thread: the files that are wrong. */
  List<WrongFile> wrongFiles() {
    return new ArrayList<>(wrong.values());
  }

  /** Any thread: why nobody gets the file; empty if that is not so. */
  Optional<TransferException> refusal(long fileId) {
    return Optional.ofNullable(wrong.get(fileId)).map(Proofs::refusal);
  }

  private static TransferException refusal(WrongFile file) {
    return new RefusedFileException(
        file + ", also when read again from the origin. Its bytes are not given to anybody",
        "If the file is right, correct its entry in the manifest; if it is not, put the right one"
            + " there and run 'alluxio fs loadMetadata -F "
            + file.file().path()
            + "'.");
  }

  /**
   * Any thread: another number each time bytes of the file have been taken back, so that copies
   * made before must not be used any more.
   */
  int generation(long fileId) {
    return generations.isEmpty() ? 0 : generations.getOrDefault(fileId, 0);
  }

  /**
   * Any thread.
   *
   * @param listener told of each file whose {@link #generation} is another one now, on the engine's
   *     thread; must return at once
   */
  void onDropped(LongConsumer listener) {
    onDropped.add(listener);
  }

  /** The proof of {@code file}, a new one if there is none. */
  FileProof of(FileSpec file) {
    FileProof known = proofs.get(file.fileId());
    if (known != null) {
      return known;
    }
    FileProof fresh = new FileProof(file.layout());
    proofs.put(file.fileId(), fresh);
    readable.put(file.fileId(), fresh);
    pieces += fresh.pieceCount();
    makeRoom();
    return fresh;
  }

  /** The proof of this file if there is one. */
  Optional<FileProof> of(long fileId) {
    return Optional.ofNullable(proofs.get(fileId));
  }

  /** Any thread: as far as is known, of the bytes that came last. */
  FileStatus.Proof proof(long fileId) {
    FileProof proof = readable.get(fileId);
    if (wrong.containsKey(fileId)) {
      return FileStatus.Proof.WRONG;
    }
    Expectation expectation = proof == null ? null : proof.expectation();
    if (expectation == null || expectation.crc32().isEmpty()) {
      return FileStatus.Proof.NONE;
    }
    boolean proven = proof.verdict() == Verdict.PROVEN && mayShow(fileId);
    return proven ? FileStatus.Proof.PROVEN : FileStatus.Proof.UNPROVEN;
  }

  private void makeRoom() {
    Iterator<Map.Entry<Long, FileProof>> eldest = proofs.entrySet().iterator();
    while (pieces > MAX_PIECES && eldest.hasNext()) {
      Map.Entry<Long, FileProof> entry = eldest.next();
      if (!inUse.test(entry.getKey()) && !wrong.containsKey(entry.getKey())) {
        pieces -= entry.getValue().pieceCount();
        shown.remove(entry.getKey());
        unjudged.remove(entry.getKey());
        readable.remove(entry.getKey());
        eldest.remove();
      }
    }
  }

  /** Readers may see the file; returns true if they could not before. */
  boolean show(long fileId) {
    boolean hidden = !mayShow(fileId) || heldBack.remove(fileId) != null;
    unjudged.remove(fileId);
    shown.add(fileId);
    withheld.remove(fileId);
    wrong.remove(fileId);
    return hidden;
  }

  /** Bytes of the file that are here cannot be trusted: nobody gets any until it is proven. */
  void withhold(long fileId) {
    withheld.add(fileId);
    dropped(fileId);
  }

  private void dropped(long fileId) {
    generations.merge(fileId, 1, Integer::sum);
    onDropped.forEach(listener -> listener.accept(fileId));
  }

  /** Pieces of the file are about to come, and then a verdict. */
  void expectVerdict(long fileId) {
    unjudged.add(fileId);
  }

  /** Nobody gets {@code piece} before {@link #release} or {@link #show}. */
  void holdBack(long fileId, int piece) {
    BitSet held = new BitSet();
    held.or(heldBack.getOrDefault(fileId, held));
    held.set(piece);
    heldBack.put(fileId, held);
  }

  /** No piece is held back any more; returns whether one was. */
  boolean release(long fileId) {
    return heldBack.remove(fileId) != null;
  }

  /** Some blocks of the file are being dropped: nobody gets any byte until that is done. */
  void beginDiscard(long fileId) {
    discarding.add(fileId);
    dropped(fileId);
  }

  void endDiscard(long fileId) {
    discarding.remove(fileId);
  }

  /**
   * All blocks of the file are being dropped: nobody gets any byte until that is done, even if
   * somebody else proves the file meanwhile.
   */
  void beginRemoval(long fileId) {
    removing.add(fileId);
  }

  void endRemoval(long fileId) {
    removing.remove(fileId);
  }

  /** The file is wrong. */
  void condemn(WrongFile file) {
    withhold(file.file().fileId());
    wrong.put(file.file().fileId(), file);
  }

  /** The file may be read again from the origin, and is shown if it is right then. */
  void tryAgain(long fileId) {
    wrong.remove(fileId);
  }

  /** The manifest says something else now: the file gets another chance. */
  void acquit(long fileId) {
    wrong.remove(fileId);
    withheld.remove(fileId);
  }
}
