// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * A directory's {@code crc32.txt}: one line {@code [crc32 as 8 hex digits] [relative path]} for
 * every other file. Immutable.
 */
public final class CrcManifest {
  /** The file's name in a model directory. */
  public static final String FILE_NAME = "crc32.txt";

  private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{8}) (.+)");
  private static final int READ_BYTES = 1 << 20;

  private final SortedMap<String, Integer> crcByPath;

  CrcManifest(Map<String, Integer> crcByPath) {
    this.crcByPath = Collections.unmodifiableSortedMap(new TreeMap<>(crcByPath));
  }

  /** CRC32 values by path relative to the directory, with '/' between names. */
  public SortedMap<String, Integer> crcByPath() {
    return crcByPath;
  }

  /**
   * Reads the manifest of {@code dir}.
   *
   * @throws IOException if there is none, it cannot be read, or a line is malformed
   */
  public static CrcManifest read(Path dir) throws IOException {
    Path file = dir.resolve(FILE_NAME);
    Map<String, Integer> crcs = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank()) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new IOException(file + ": '" + line + "' is not '[crc32 hex] [relative path]'");
      }
      crcs.put(matcher.group(2), Integer.parseUnsignedInt(matcher.group(1), 16));
    }
    return new CrcManifest(crcs);
  }

  /**
   * Reads every file under {@code dir} to its end and compares it with the manifest in {@code dir}.
   * Files missing on either side and files that cannot be read are mismatches too.
   *
   * @return what does not match, sorted by path; empty if all is well
   * @throws IOException if the manifest or the directory itself cannot be read
   */
  public static List<CrcMismatch> verify(Path dir) throws IOException {
    SortedMap<String, Integer> expected = read(dir).crcByPath();
    TreeSet<String> paths = new TreeSet<>(expected.keySet());
    paths.addAll(filesUnder(dir));
    paths.remove(FILE_NAME);
    List<CrcMismatch> mismatches = new ArrayList<>();
    for (String path : paths) {
      Integer crc = expected.get(path);
      if (crc == null) {
        mismatches.add(new CrcMismatch(path, CrcMismatch.Reason.UNLISTED, "not in " + FILE_NAME));
        continue;
      }
      verifyFile(dir, path, crc, mismatches);
    }
    return List.copyOf(mismatches);
  }

  void write(Path dir) throws IOException {
    List<String> lines = new ArrayList<>();
    crcByPath.forEach((path, crc) -> lines.add(String.format("%08x %s", crc, path)));
    Files.write(dir.resolve(FILE_NAME), lines);
  }

  private static void verifyFile(Path dir, String path, int expected, List<CrcMismatch> out) {
    try {
      int actual = crcOf(dir.resolve(path));
      if (actual != expected) {
        String detail = String.format("expected %08x but read %08x", expected, actual);
        out.add(new CrcMismatch(path, CrcMismatch.Reason.DIFFERENT, detail));
      }
    } catch (NoSuchFileException e) {
      out.add(new CrcMismatch(path, CrcMismatch.Reason.MISSING, "no such file"));
    } catch (IOException e) {
      out.add(new CrcMismatch(path, CrcMismatch.Reason.UNREADABLE, e.toString()));
    }
  }

  private static List<String> filesUnder(Path dir) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> dir.relativize(file).toString())
          .collect(Collectors.toList());
    }
  }

  static int crcOf(Path file) throws IOException {
    CRC32 crc = new CRC32();
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      while (channel.read(buffer) >= 0) {
        crc.update(buffer.flip());
        buffer.clear();
      }
    }
    return (int) crc.getValue();
  }
}
