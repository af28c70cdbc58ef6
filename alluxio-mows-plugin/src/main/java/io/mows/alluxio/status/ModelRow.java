// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** What each worker has of one model. */
final class ModelRow {
  /** Those that arrive first, then those that most workers have, then by path. */
  static final Comparator<ModelRow> BY_INTEREST =
      Comparator.comparing((ModelRow row) -> row.arriving > 0)
          .thenComparingLong(row -> row.heldBytesSum)
          .reversed()
          .thenComparing(row -> row.path);

  private static final int FULL = 1_000;
  private static final int UNKNOWN = -1;

  private final String path;
  private final long[] heldBytes;
  private final boolean[] proven;
  private final Map<Integer, JsonNode> arrivals = new TreeMap<>();
  private long bytes;
  private int files;
  private int arriving;
  private int wrongFiles;
  private long heldBytesSum;

  ModelRow(String path, int workers) {
    this.path = path;
    this.heldBytes = new long[workers];
    this.proven = new boolean[workers];
    Arrays.fill(heldBytes, UNKNOWN);
  }

  /**
   * @param held as {@link HeldModel} writes it
   */
  void add(int worker, JsonNode held) {
    heldBytes[worker] = held.path("heldBytes").asLong();
    heldBytesSum += heldBytes[worker];
    // A worker knows only the files that it was asked for: the one with most knows best.
    bytes = Math.max(bytes, held.path("bytes").asLong());
    files = Math.max(files, held.path("files").asInt());
    proven[worker] = held.path("provenFiles").asInt() >= held.path("files").asInt();
    wrongFiles = Math.max(wrongFiles, held.path("wrongFiles").asInt());
    arriving += held.path("arriving").asBoolean() ? 1 : 0;
    if (held.has("bar")) {
      arrivals.put(worker, held);
    }
  }

  /**
   * @param maxPartial how many workers that lack some of it may be told of
   * @return how many were
   */
  int write(ObjectNode json, int maxPartial) {
    json.put("path", path).put("files", files).put("bytes", bytes);
    json.put("arriving", arriving).put("wrongFiles", wrongFiles);
    int whole = 0;
    int wholeAndProven = 0;
    ArrayNode permille = json.putArray("permille");
    for (int w = 0; w < heldBytes.length; w++) {
      int share = permille(heldBytes[w]);
      permille.add(share);
      whole += share == FULL ? 1 : 0;
      wholeAndProven += share == FULL && proven[w] ? 1 : 0;
    }
    json.put("whole", whole).put("proven", wholeAndProven);
    ArrayNode partial = json.putArray("partial");
    arrivals.entrySet().stream()
        .limit(maxPartial)
        .forEach(arrival -> write(partial.addObject(), arrival.getKey(), arrival.getValue()));
    return partial.size();
  }

  private static void write(ObjectNode json, int worker, JsonNode held) {
    json.put("worker", worker);
    for (String field : new String[] {"heldBytes", "arriving", "bytesPerSecond", "bar"}) {
      json.set(field, held.path(field));
    }
  }

  /** 1000 only if all is there, and -1 if the worker does not know the model. */
  private int permille(long held) {
    if (held == UNKNOWN) {
      return UNKNOWN;
    }
    return held >= bytes ? FULL : (int) Math.min(FULL - 1, FULL * (double) held / bytes);
  }
}
