// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.manifest;

import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ManifestTest {
  private static Manifest parse(String text) {
    return ManifestParser.parse("/m/crc32.txt", text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> findings(Manifest manifest) {
    return manifest.findings().stream().map(ManifestFinding::toString).collect(toList());
  }

  private static void assertOneEntry(String text, String path, int crc32) {
    Manifest manifest = parse(text);
    assertEquals(Map.of(path, crc32), manifest.crc32s());
    assertEquals(List.of(), findings(manifest));
  }

  @Test
  void shouldReadLinesOfAllKinds() {
    assertOneEntry("0a1b2c3d model.safetensors\n", "model.safetensors", 0x0a1b2c3d);
    assertOneEntry("FFFFFFFF a", "a", -1);
    assertOneEntry("7 a", "a", 7);
    assertOneEntry("DeadBeef a\r\n", "a", 0xdeadbeef);
    assertOneEntry("deadbeef  sub/dir/a\n", "sub/dir/a", 0xdeadbeef);
    assertOneEntry("deadbeef *a\n", "a", 0xdeadbeef);
    assertOneEntry("deadbeef\ta name with  spaces.bin\n", "a name with  spaces.bin", 0xdeadbeef);
    assertOneEntry("deadbeef ./a//b/../c\n", "a/c", 0xdeadbeef);
    assertOneEntry("\uFEFFdeadbeef \u6a21\u578b.bin\n", "\u6a21\u578b.bin", 0xdeadbeef);
    assertOneEntry("# made by mows\n; and others\n\n   \ndeadbeef #1\n", "#1", 0xdeadbeef);
    assertOneEntry("deadbeef a\nDEADBEEF ./a\n", "a", 0xdeadbeef);
  }

  /** An accent as a character of its own, as macOS writes it; a backslash, as Windows does. */
  @Test
  void shouldTakeAnotherSpellingWhereOnlyOneFits() {
    String composed = "caf\u00e9.bin";
    String decomposed = "cafe\u0301.bin";
    Manifest manifest = parse("1 " + decomposed + "\n2 sub\\b.bin\n");
    assertEquals(OptionalInt.of(1), manifest.crc32(composed));
    assertEquals(OptionalInt.of(1), manifest.crc32(decomposed));
    assertEquals(OptionalInt.of(2), manifest.crc32("sub/b.bin"));
    assertEquals(Optional.of("sub\\b.bin"), manifest.entry("sub/b.bin"));
    Manifest both = parse("1 " + composed + "\n2 " + decomposed + "\n3 a\\b\n4 a/b\n");
    assertEquals(OptionalInt.of(1), both.crc32(composed));
    assertEquals(OptionalInt.of(2), both.crc32(decomposed));
    assertEquals(OptionalInt.of(4), both.crc32("a/b"));
    assertEquals(OptionalInt.empty(), parse("1 A.bin\n").crc32("a.bin"), "another file");
  }

  @Test
  void shouldSayWhichFileIsProbablyMeant() {
    List<String> files = List.of(" a.bin", "sub/B.bin", "c/one.bin", "d/one.bin");
    assertEquals(Optional.of(" a.bin"), Manifest.meant("a.bin", files));
    assertEquals(Optional.of("sub/B.bin"), Manifest.meant("sub/*b.bin ", files));
    assertEquals(Optional.of("sub/B.bin"), Manifest.meant("b.bin", files));
    assertEquals(Optional.empty(), Manifest.meant("one.bin", files), "two fit");
    assertEquals(Optional.empty(), Manifest.meant("other.bin", files));
  }

  @Test
  void shouldNameFileAndLineOfWhatCannotBeUsed() {
    Manifest manifest =
        parse(
            "1 a\n"
                + "123456789 b\n"
                + "xyz c\n"
                + "0x12 d\n"
                + "12\n"
                + "12   \n"
                + "12 ../e\n"
                + "12 f/../../e\n"
                + "12 /etc/passwd\n"
                + "12 .\n"
                + "2 g\n");
    assertEquals(Map.of("a", 1, "g", 2), manifest.crc32s());
    assertEquals(
        List.of(
            "/m/crc32.txt:2: '123456789 b' does not start with a CRC32 of 1 to 8 hexadecimal digits",
            "/m/crc32.txt:3: 'xyz c' does not start with a CRC32 of 1 to 8 hexadecimal digits",
            "/m/crc32.txt:4: '0x12 d' does not start with a CRC32 of 1 to 8 hexadecimal digits",
            "/m/crc32.txt:5: there is no path behind the CRC32 12",
            "/m/crc32.txt:6: there is no path behind the CRC32 12",
            "/m/crc32.txt:7: '../e' leads out of the directory of the manifest",
            "/m/crc32.txt:8: 'f/../../e' leads out of the directory of the manifest",
            "/m/crc32.txt:9: '/etc/passwd' leads out of the directory of the manifest",
            "/m/crc32.txt:10: '.' leads out of the directory of the manifest"),
        findings(manifest));
  }

  @Test
  void shouldCountNoneOfTwoEntriesThatDisagree() {
    Manifest manifest = parse("1 a\n2 b\n3 ./a\n1 a\n");
    assertEquals(Map.of("b", 2), manifest.crc32s());
    assertEquals(
        List.of(
            "/m/crc32.txt:3: 'a' has CRC32 00000003 here and 00000001 in line 1: neither counts"),
        findings(manifest));
  }

  @Test
  void shouldFindWhatIsNotUtf8() {
    byte[] bytes = "1 a\n2 \u00e9\n3 c\n".getBytes(StandardCharsets.ISO_8859_1);
    Manifest manifest = ManifestParser.parse("/m/crc32.txt", bytes);
    assertEquals(Map.of("a", 1, "c", 3), manifest.crc32s());
    assertEquals(List.of("/m/crc32.txt:2: this line is not UTF-8"), findings(manifest));
  }

  @Test
  void shouldRefuseWhatIsTooLarge() {
    Manifest manifest = ManifestParser.parse("/m/crc32.txt", new byte[Manifest.MAX_BYTES + 1]);
    assertEquals(Map.of(), manifest.crc32s());
    assertEquals(1, manifest.findings().size());
  }

  @Test
  void shouldNotListFindingsWithoutEnd() {
    Manifest manifest = parse("?\n".repeat(5_000) + "1 a\n");
    assertEquals(Map.of("a", 1), manifest.crc32s());
    assertEquals(1_001, manifest.findings().size());
    assertEquals(
        "/m/crc32.txt: 4000 more lines cannot be used", manifest.findings().get(1_000).toString());
  }

  @Test
  void shouldSurviveAnyBytes() {
    Random random = new Random(11);
    String alphabet = "0123456789abcdefABCDEF */.\\\r\n\t#;x\u00e9";
    for (int run = 0; run < 20_000; run++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Manifest manifest = parse(text.toString());
      manifest
          .crc32s()
          .keySet()
          .forEach(
              path ->
                  assertTrue(
                      !path.startsWith("/") && !("/" + path + "/").contains("/../"),
                      "seed 11: " + text));
    }
  }
}
