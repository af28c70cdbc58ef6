// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.fetch.FileStatus.Proof;
import io.mows.p2p.piece.FileLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a worker has of one model: of the files of one directory that it knows. Files that it has
 * never been asked for are not known to it and do not count.
 */
final class HeldModel {
  /** How many digits a bar has. */
  static final int BUCKETS = 48;

  /** Those that arrive first, then the largest. */
  static final Comparator<HeldModel> BY_INTEREST =
      Comparator.comparing(HeldModel::isArriving)
          .thenComparingLong(HeldModel::heldBytes)
          .reversed()
          .thenComparing(HeldModel::path);

  private final String path;
  private final List<FileSpec> files = new ArrayList<>();
  private long bytes;
  private long heldBytes;
  private int wholeFiles;
  private int provenFiles;
  private int wrongFiles;
  private boolean arriving;
  private long bytesPerSecond;

  private HeldModel(String path) {
    this.path = path;
  }

  /**
   * The models of which something is here or arriving, in no order.
   *
   * @param known of two versions of a file the newer one counts: Alluxio's ids grow
   * @param statuses must return at once
   */
  static List<HeldModel> of(List<FileSpec> known, Function<FileSpec, FileStatus> statuses) {
    Map<String, FileSpec> newest = new TreeMap<>();
    for (FileSpec file : known) {
      newest.merge(file.path(), file, (a, b) -> a.fileId() > b.fileId() ? a : b);
    }
    Map<String, HeldModel> models = new TreeMap<>();
    for (FileSpec file : newest.values()) {
      models
          .computeIfAbsent(directoryOf(file.path()), HeldModel::new)
          .add(file, statuses.apply(file));
    }
    models.values().removeIf(model -> model.heldBytes == 0 && !model.arriving);
    return new ArrayList<>(models.values());
  }

  /** What is called a model: the directory that a file lies in. */
  static String directoryOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash > 0 ? path.substring(0, slash) : "/";
  }

  private void add(FileSpec file, FileStatus status) {
    files.add(file);
    bytes += status.lengthBytes();
    heldBytes += status.heldBytes();
    wholeFiles += status.isWhole() ? 1 : 0;
    provenFiles += status.proof() == Proof.PROVEN ? 1 : 0;
    wrongFiles += status.proof() == Proof.WRONG ? 1 : 0;
    arriving |= status.isArriving();
    if (status.isArriving() && status.recentNs() > 0) {
      bytesPerSecond += (long) (status.recentBytes() * 1e9 / status.recentNs());
    }
  }

  String path() {
    return path;
  }

  long heldBytes() {
    return heldBytes;
  }

  boolean isArriving() {
    return arriving;
  }

  boolean isWhole() {
    return wholeFiles == files.size();
  }

  /**
   * @param pieces those of a file that are here; must return at once
   */
  void write(ObjectNode json, Function<FileSpec, BitSet> pieces) {
    json.put("path", path).put("files", files.size()).put("bytes", bytes);
    json.put("heldBytes", heldBytes).put("wholeFiles", wholeFiles);
    json.put("provenFiles", provenFiles).put("wrongFiles", wrongFiles);
    json.put("arriving", arriving).put("bytesPerSecond", bytesPerSecond);
    if (!isWhole()) {
      json.put("bar", bar(pieces));
    }
  }

  /**
   * A digit for each {@value #BUCKETS}th of the model, its files in the order of their paths: 0
   * nothing is here, 9 all of it.
   */
  private String bar(Function<FileSpec, BitSet> pieces) {
    double[] held = new double[BUCKETS];
    double perBucket = (double) bytes / BUCKETS;
    long fileStart = 0;
    for (FileSpec file : files) {
      FileLayout layout = file.layout();
      BitSet here = pieces.apply(file);
      for (int p = here.nextSetBit(0); p >= 0; p = here.nextSetBit(p + 1)) {
        spread(held, perBucket, fileStart + layout.pieceOffset(p), layout.pieceLength(p));
      }
      fileStart += layout.lengthBytes();
    }
    StringBuilder bar = new StringBuilder(BUCKETS);
    for (double bucket : held) {
      // Only what is full looks full.
      bar.append((char) ('0' + (int) Math.min(9, 9 * (bucket / perBucket) + 1e-6)));
    }
    return bar.toString();
  }

  private static void spread(double[] buckets, double perBucket, long offset, long length) {
    double end = offset + (double) length;
    int first = (int) (offset / perBucket);
    for (int b = first; b < buckets.length && b * perBucket < end; b++) {
      double from = Math.max((double) offset, b * perBucket);
      double to = Math.min(end, (b + 1) * perBucket);
      buckets[b] += Math.max(0, to - from);
    }
  }
}
