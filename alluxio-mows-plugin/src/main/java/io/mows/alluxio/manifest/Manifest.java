// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.manifest;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a {@code crc32.txt} says: the CRC32 of each file below its directory. Immutable. */
public final class Manifest {
  /** Above this, a manifest is not read: it would list more than a hundred thousand files. */
  public static final int MAX_BYTES = 16 << 20;

  private final String name;
  private final SortedMap<String, Integer> crc32s;
  private final List<ManifestFinding> findings;

  /** The entry by its path's canonical spelling; empty where several have it. */
  private final Map<String, Optional<String>> respelled = new HashMap<>();

  Manifest(String name, SortedMap<String, Integer> crc32s, List<ManifestFinding> findings) {
    this.name = name;
    this.crc32s = Collections.unmodifiableSortedMap(new TreeMap<>(crc32s));
    this.findings = List.copyOf(findings);
    this.crc32s
        .keySet()
        .forEach(
            path ->
                respelled.merge(
                    Spelling.canonical(path), Optional.of(path), (one, other) -> Optional.empty()));
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
    Optional<String> entry = entry(relativePath);
    return entry.isEmpty() ? OptionalInt.empty() : OptionalInt.of(crc32s.get(entry.get()));
  }

  /**
   * The path of {@link #crc32s} that means a file: its own, or one that only differs in how an
   * accent or a slash is written, if there is but one.
   */
  public Optional<String> entry(String relativePath) {
    return crc32s.containsKey(relativePath)
        ? Optional.of(relativePath)
        : respelled.getOrDefault(Spelling.canonical(relativePath), Optional.empty());
  }

  /** In which a file is, without a slash at the end; empty for the root. */
  public static String directory(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** An entry as a path that Alluxio knows: with slashes. */
  public static String path(String entry) {
    return entry.replace('\\', '/');
  }

  /**
   * Entries that mean none of these files.
   *
   * @param files relative paths
   */
  public NavigableSet<String> missing(Collection<String> files) {
    NavigableSet<String> missing = new TreeSet<>(crc32s.keySet());
    files.forEach(file -> entry(file).ifPresent(missing::remove));
    return missing;
  }

  /**
   * Those of these files that no entry means.
   *
   * @param files relative paths
   */
  public NavigableSet<String> unnamed(Collection<String> files) {
    return files.stream()
        .filter(file -> entry(file).isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * What to say of an entry whose file is not there.
   *
   * @param unnamed one of which may be meant
   */
  public String whyMissing(String entry, Collection<String> unnamed) {
    return name
        + " names it and it is not there"
        + meant(entry, unnamed).map(file -> "; is '" + file + "' meant?").orElse("");
  }

  /**
   * Which of {@code files} an entry that names none of them is probably meant for: one that only
   * differs in white space, asterisks or capitals, or else the only one of that name elsewhere.
   *
   * @param files relative paths
   */
  public static Optional<String> meant(String entry, Collection<String> files) {
    Optional<String> similar = only(files, file -> alike(file, entry));
    return similar.isPresent() ? similar : only(files, file -> alike(base(file), base(entry)));
  }

  private static boolean alike(String one, String other) {
    return Spelling.loose(one).equals(Spelling.loose(other));
  }

  private static String base(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static Optional<String> only(Collection<String> files, Predicate<String> fits) {
    List<String> found = files.stream().filter(fits).limit(2).collect(Collectors.toList());
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
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
