// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import static alluxio.util.FormatUtils.getSizeFromBytes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.cli.output.Json;
import io.mows.p2p.fetch.FileStatus;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether a worker has enough of a model for those who wait for it, and if not, why. What was
 * evicted is not there. Immutable.
 */
public final class Readiness {
  private static final int ALL_PERCENT = 100;
  private static final int FULL = 1_000;

  private final Wish wish;
  private final SortedMap<String, String> absent;
  private int files;
  private int wholeFiles;
  private int provenFiles;
  private long bytes;
  private long heldBytes;
  private long leftBytes;
  private long bytesPerSecond;
  private Optional<String> waits = Optional.empty();
  private String wrongFile = "";
  private String unnamedFile = "";
  private String unprovenFile = "";

  /** What somebody waits for. Immutable. */
  public static final class Wish {
    private final String path;
    private final int percent;
    private final boolean proof;

    /**
     * @param path a directory of Alluxio's, or a file
     * @param percent of the bytes, 0 to 100
     * @param proof whether all files have to be what their manifest says; of less than 100 % it
     *     cannot be known
     */
    public Wish(String path, int percent, boolean proof) {
      this.path = path;
      this.percent = percent;
      this.proof = proof;
    }
  }

  private Readiness(Wish wish, SortedMap<String, String> absent) {
    this.wish = wish;
    this.absent = absent;
  }

  /**
   * @param files all that is wished for and there, by path
   * @param absent why the others cannot be loaded, by path; without them it is never 100 %
   */
  public static Readiness of(
      Wish wish, Map<String, FileStatus> files, SortedMap<String, String> absent) {
    Readiness readiness = new Readiness(wish, new TreeMap<>(absent));
    files.forEach(readiness::add);
    return readiness;
  }

  private void add(String path, FileStatus file) {
    files++;
    bytes += file.lengthBytes();
    heldBytes += file.heldBytes();
    wholeFiles += file.isWhole() ? 1 : 0;
    if (file.isArriving()) {
      leftBytes += file.lengthBytes() - file.heldBytes();
      bytesPerSecond +=
          file.recentNs() == 0 ? 0 : (long) (file.recentBytes() * 1e9 / file.recentNs());
    }
    waits = waits.or(file::waitsFor);
    switch (file.proof()) {
      case PROVEN:
        provenFiles++;
        break;
      case WRONG:
        wrongFile = wrongFile.isEmpty() ? path : wrongFile;
        break;
      case NONE:
        unnamedFile = unnamedFile.isEmpty() ? path : unnamedFile;
        break;
      default:
        unprovenFile = unprovenFile.isEmpty() ? path : unprovenFile;
    }
  }

  private boolean isWhole() {
    return files > 0 && wholeFiles == files && absent.isEmpty();
  }

  /** 1000 only if every file is there and whole. */
  int permille() {
    if (isWhole()) {
      return FULL;
    }
    return bytes == 0 ? 0 : (int) Math.min(FULL - 1, FULL * (double) heldBytes / bytes);
  }

  public boolean isReady() {
    return obstacle().isEmpty();
  }

  /** All that was wished for is here, and only the proof is missing. */
  public boolean lacksOnlyProof() {
    return !isReady() && wrongFile.isEmpty() && isWhole();
  }

  /** What stands in the way, as a sentence; empty if nothing does. */
  private String obstacle() {
    if (files == 0) {
      return wish.path + " holds no file that this worker accelerates (alluxio.mows.paths)";
    }
    if (!wrongFile.isEmpty()) {
      return wrongFile + " is not what its manifest says: 'alluxio fs mows verify' tells more";
    }
    boolean all = wish.percent == ALL_PERCENT;
    if (all && !absent.isEmpty()) {
      String first = absent.firstKey();
      return first
          + (absent.size() == 1 ? "" : " and " + (absent.size() - 1) + " more")
          + " cannot be loaded: "
          + absent.get(first);
    }
    if (permille() < 10 * wish.percent) {
      return missing();
    }
    if (!all || !wish.proof || provenFiles == files) {
      return "";
    }
    return unprovenFile.isEmpty()
        ? unnamedFile
            + " is whole, but this worker knows of no manifest that names it; put it into"
            + " crc32.txt, or ask with proof=off"
        : unprovenFile + " is whole, and not yet compared with its manifest";
  }

  private String missing() {
    StringBuilder text = new StringBuilder();
    text.append(getSizeFromBytes(heldBytes)).append(" of ").append(getSizeFromBytes(bytes));
    text.append(" are in this worker's memory, ").append(wholeFiles).append(" of ").append(files);
    text.append(" files whole");
    if (waits.isPresent()) {
      text.append("; ").append(waits.get());
    } else if (bytesPerSecond > 0) {
      text.append("; ").append(getSizeFromBytes(bytesPerSecond)).append("/s, ");
      text.append(leftBytes / bytesPerSecond + 1).append(" s left of what is arriving");
    } else {
      text.append("; nothing is arriving");
    }
    return text.toString();
  }

  public ObjectNode json() {
    ObjectNode json = Json.newObject();
    json.put("version", WorkerStatus.VERSION).put("ready", isReady()).put("path", wish.path);
    json.put("percent", permille() / 10.0).put("wantedPercent", wish.percent);
    json.put("files", files).put("wholeFiles", wholeFiles).put("provenFiles", provenFiles);
    json.put("bytes", bytes).put("heldBytes", heldBytes).put("bytesPerSecond", bytesPerSecond);
    return json.put("reason", obstacle());
  }
}
