// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.manifest;

import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a {@code crc32.txt} says: the CRC32 of each file below its directory. Immutable. */
public final class Manifest {
  /** Above this, a manifest is not read: it would list more than a hundred thousand files. */
  public static final int MAX_BYTES = 16 << 20;

  private final String name;
  private final SortedMap<String, Integer> crc32s;
  private final List<ManifestFinding> findings;

  Manifest(String name, SortedMap<String, Integer> crc32s, List<ManifestFinding> findings) {
    this.name = name;
    this.crc32s = Collections.unmodifiableSortedMap(new TreeMap<>(crc32s));
    this.findings = List.copyOf(findings);
  }

  /**
   * Reads a manifest; what is wrong in it is in {@link #findings}, the other lines count.
   *
   * @param name how to call it in findings: its path
   */
  public static Manifest parse(String name, byte[] content) {
    return new ManifestParser(name).parse(content);
  }

  /** A manifest above {@link #MAX_BYTES}, which says nothing. */
  public static Manifest tooLarge(String name, long lengthBytes) {
    return new Manifest(
        name,
        new TreeMap<>(),
        List.of(
            new ManifestFinding(
                name,
                0,
                lengthBytes
                    + " bytes are more than the "
                    + MAX_BYTES
                    + " that a manifest may have: write one for each model")));
  }

  public String name() {
    return name;
  }

  /**
   * @param relativePath from the directory of the manifest, such as {@code sub/model.safetensors}
   */
  public OptionalInt crc32(String relativePath) {
    Integer crc32 = crc32s.get(relativePath);
    return crc32 == null ? OptionalInt.empty() : OptionalInt.of(crc32);
  }

  /** By relative path. */
  public SortedMap<String, Integer> crc32s() {
    return crc32s;
  }

  public List<ManifestFinding> findings() {
    return findings;
  }

  /** As a manifest has it: eight lower-case digits. */
  public static String hex(int crc32) {
    return String.format("%08x", crc32);
  }
}
