// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.manifest;

import com.google.common.base.Splitter;
import io.mows.channel.PrintableText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the lines of one manifest: a CRC32 of 1 to 8 hexadecimal digits, white space, perhaps a
 * {@code *}, a path. Empty lines and those that start with {@code #} or {@code ;} are comments.
 */
public final class ManifestParser {
  private static final int MAX_FINDINGS = 1_000;
  private static final int SHOWN_CHARS = 80;
  private static final Pattern LINE = Pattern.compile("\\s*(\\S+)(?:[ \\t]+(\\*?)(.*))?");
  private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{1,8}");
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String name;
  private final Map<String, Integer> crc32s = new HashMap<>();
  private final Map<String, Integer> lineOf = new HashMap<>();
  private final Set<String> disputed = new HashSet<>();
  private final List<ManifestFinding> findings = new ArrayList<>();
  private int findingCount;

  private ManifestParser(String name) {
    this.name = name;
  }

  /**
   * Reads a manifest; what is wrong in it is in {@link Manifest#findings}, the other lines count.
   *
   * @param name how to call it in findings: its path
   */
  public static Manifest parse(String name, byte[] content) {
    return new ManifestParser(name).parse(content);
  }

  private Manifest parse(byte[] content) {
    if (content.length > Manifest.MAX_BYTES) {
      return Manifest.tooLarge(name, content.length);
    }
    int line = 0;
    for (int from = 0; from < content.length; ) {
      int to = from;
      while (to < content.length && content[to] != '\n') {
        to++;
      }
      line++;
      int end = to > from && content[to - 1] == '\r' ? to - 1 : to;
      parseLine(line, ByteBuffer.wrap(content, from, end - from));
      from = to + 1;
    }
    disputed.forEach(crc32s::remove);
    if (findingCount > findings.size()) {
      findings.add(
          new ManifestFinding(
              name, 0, findingCount - findings.size() + " more lines cannot be used"));
    }
    return new Manifest(name, new TreeMap<>(crc32s), findings);
  }

  private void parseLine(int line, ByteBuffer bytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      found(line, "this line is not UTF-8");
      return;
    }
    if (line == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      text = text.substring(1);
    }
    if (text.isBlank() || text.startsWith("#") || text.startsWith(";")) {
      return;
    }
    Matcher parts = LINE.matcher(text);
    if (!parts.matches() || !HEX.matcher(parts.group(1)).matches()) {
      found(line, "'" + shown(text) + "' does not start with a CRC32 of 1 to 8 hexadecimal digits");
    } else if (parts.group(3) == null || parts.group(3).isBlank()) {
      found(line, "there is no path behind the CRC32 " + parts.group(1));
    } else {
      entry(line, Integer.parseUnsignedInt(parts.group(1), 16), parts.group(3));
    }
  }

  private void entry(int line, int crc32, String written) {
    String path = relative(written);
    if (path == null) {
      found(line, "'" + shown(written) + "' leads out of the directory of the manifest");
      return;
    }
    Integer before = crc32s.putIfAbsent(path, crc32);
    if (before == null) {
      lineOf.put(path, line);
    } else if (before != crc32) {
      disputed.add(path);
      found(
          line,
          "'"
              + shown(path)
              + "' has CRC32 "
              + Manifest.hex(crc32)
              + " here and "
              + Manifest.hex(before)
              + " in line "
              + lineOf.get(path)
              + ": neither counts");
    }
  }

  /** Without {@code .}, {@code ..} and double slashes; null if it leads out. */
  private static String relative(String path) {
    Deque<String> names = new ArrayDeque<>();
    if (path.startsWith("/") || path.indexOf('\0') >= 0) {
      return null;
    }
    for (String part : Splitter.on('/').split(path)) {
      if (part.equals("..")) {
        if (names.pollLast() == null) {
          return null;
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        names.addLast(part);
      }
    }
    return names.isEmpty() ? null : String.join("/", names);
  }

  private void found(int line, String problem) {
    findingCount++;
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new ManifestFinding(name, line, problem));
    }
  }

  private static String shown(String text) {
    String some = text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "..." : text;
    return PrintableText.line(some);
  }
}
