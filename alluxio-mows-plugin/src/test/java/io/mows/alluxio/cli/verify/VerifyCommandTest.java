// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.exception.status.InvalidArgumentException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.CommandRun;
import io.mows.alluxio.cli.cluster.FakeCluster;
import io.mows.alluxio.cli.cluster.FakeStore;
import io.mows.alluxio.cli.cluster.WorkerMetrics;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The subcommands verify and manifest. */
final class VerifyCommandTest {
  /** The CRC32 of "123456789", by every textbook. */
  private static final String DIGITS = "cbf43926";

  /** That of the same. */
  private static final String SHA256 =
      "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225";

  @TempDir private Path directory;
  private final FakeStore store = new FakeStore();
  private final FakeCluster cluster = new FakeCluster().store(store);

  private CommandRun verify(String... arguments) throws Exception {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, "UTF-8");
    return CommandRun.of(
        (out, err) -> new VerifyCommand(() -> cluster, out, err, nowhere), arguments);
  }

  private CommandRun manifest(String... arguments) throws Exception {
    return CommandRun.of((out, err) -> new ManifestCommand(() -> cluster, out, err), arguments);
  }

  @Test
  void shouldProveFiles() throws Exception {
    store.put("/m/a", "123456789").put("/m/sub/b b", "123456789");
    store.put("/m/crc32.txt", DIGITS + " a\n" + DIGITS + " sub/b b\n");
    CommandRun run = verify("/m");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("2 files: 2 proven"), run.out());
    assertTrue(run.out().contains("/m/sub/b b  proven  cbf43926  cbf43926  w1:30000"), run.out());
  }

  @Test
  void shouldNameWhatIsAtTheOriginAndAlluxioHides() throws Exception {
    store.put("/m/a", "123456789").put("/m/crc32.txt", DIGITS + " a\n");
    String gauge =
        "{\"counters\":{},\"gauges\":{\"Worker.MowsHiddenFiles\":{\"value\":["
            + "{\"path\":\"/m/why?\",\"reason\":\"no name\",\"missing\":true},"
            + "{\"path\":\"/m/latest\",\"reason\":\"a link\",\"missing\":false},"
            + "{\"path\":\"/other/b?\",\"reason\":\"no name\",\"missing\":true}]}}}";
    cluster.metrics(WorkerMetrics.parse("w1:30000", gauge));
    CommandRun run = verify("/m");
    assertEquals(1, run.exitCode());
    assertEquals("/m/why? HIDDEN: no name\n", run.err());
    assertTrue(run.out().contains("2 files: 1 proven, 1 HIDDEN"), run.out());
  }

  @Test
  void shouldProveFilesByWhatSha256sumHasWritten() throws Exception {
    store.put("/m/a", "123456789").put("/m/sub/b", "123456789").put("/m/c", "123456789");
    store.put("/m/SHA256SUMS", SHA256 + "  a\n" + SHA256.toUpperCase(Locale.ROOT) + " *./sub/b\n");
    store.put("/m/c.sha256", SHA256 + "  /home/me/c\n");
    CommandRun run = verify("/m");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("5 files: 3 proven, 2 no manifest"), run.out());
  }

  @Test
  void shouldFailOnAnotherSha256() throws Exception {
    store.put("/m/a", "123456780").put("/m/SHA256SUMS", SHA256 + "  a\n");
    CommandRun run = verify("/m");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().startsWith("/m/a MISMATCH: SHA-256 "), run.err());
    assertTrue(run.err().contains(SHA256 + " in /m/SHA256SUMS"), run.err());
  }

  @Test
  void shouldFailOnAMismatch() throws Exception {
    store.put("/m/a", "123456780").put("/m/crc32.txt", DIGITS + " a\n");
    CommandRun run = verify("/m");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().startsWith("/m/a MISMATCH: CRC32 "), run.err());
    assertTrue(run.err().contains("expected cbf43926"), run.err());
  }

  @Test
  void shouldJudgeWhatIsInMemoryByTheManifestAtTheOrigin() throws Exception {
    store.put("/m/a", "123456789").cache("/m/a", "forged!!!");
    store.put("/m/crc32.txt", DIGITS + " a\n").cache("/m/crc32.txt", "1a2b3c4d a\n");
    CommandRun run = verify("/m");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("expected cbf43926"), run.err());
  }

  @Test
  void shouldTellFilesApartThatNoManifestNames() throws Exception {
    store.put("/m/a", "1").put("/m/crc32.txt", "1 other\n").put("/m/other", "2");
    store.put("/n/b", "1");
    JsonNode json = verify("/", "--json").json();
    assertEquals("PIECES_ONLY", json.at("/files/0/status").asText());
    assertEquals("MISMATCH", json.at("/files/1/status").asText());
    assertEquals("00000001", json.at("/files/1/expectedCrc32").asText());
    assertEquals("NO_MANIFEST", json.at("/files/2/status").asText());
    assertEquals(1, json.at("/counts/MISMATCH").asInt());
  }

  @Test
  void shouldNameWhatIsMissing() throws Exception {
    store.put("/m/sub/a", "123456789");
    store.put("/m/crc32.txt", DIGITS + " sub/a\n" + DIGITS + " sub/gone\n" + DIGITS + " c\n?\n");
    CommandRun run = verify("/m/sub");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("/m/sub/gone MISSING"), run.err());
    assertTrue(!run.err().contains("/m/c "), "not asked for: " + run.err());
    assertTrue(run.out().contains("/m/crc32.txt:4: '?' does not start with"), run.out());
    assertEquals(0, verify("/m/sub/a").exitCode());
  }

  @Test
  void shouldNameAShardThatIsMissingWithoutAManifest() throws Exception {
    store.put("/m/x-1-of-3.bin", "123456789").put("/m/x-3-of-3.bin", "123456789");
    String gauge =
        "{\"counters\":{},\"gauges\":{\"Worker.MowsHiddenFiles\":{\"value\":["
            + "{\"path\":\"/m/x-2-of-3.bin\",\"reason\":\"no file\",\"missing\":true}]}}}";
    cluster.metrics(WorkerMetrics.parse("w1:30000", gauge));
    CommandRun run = verify("/m");
    assertEquals(1, run.exitCode());
    assertEquals(
        "/m/x-2-of-3.bin MISSING: it is not there, and others of its series are\n", run.err());
    assertEquals(0, verify("/m/x-1-of-3.bin").exitCode(), "which is all that was asked for");
  }

  @Test
  void shouldProveWhatAManifestSpellsInAnotherWayAndSayWhatElseWasMeant() throws Exception {
    store.put("/m/sub/caf\u00e9", "123456789").put("/m/ model.bin", "123456789");
    store.put(
        "/m/crc32.txt",
        DIGITS + " sub\\cafe\u0301\n" + DIGITS + "  model.bin\n" + DIGITS + " else\n");
    CommandRun run = verify("/m");
    assertEquals(1, run.exitCode());
    assertTrue(!run.err().contains("caf"), run.err());
    assertTrue(run.err().contains("it is not there; is ' model.bin' meant?"), run.err());
    assertTrue(run.err().contains("/m/else MISSING"), run.err());
  }

  @Test
  void shouldNotTellATerminalWhatToDo() throws Exception {
    store.put("/m/a\u001b[2J", "123456780").put("/m/b", "123456789");
    store.put("/m/crc32.txt", DIGITS + " a\u001b[2J\n" + DIGITS + " b\u009b31m\n");
    CommandRun run = verify("/m");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("/m/a?[2J MISMATCH"), run.err());
    assertTrue(run.err().contains("/m/b?31m MISSING"), run.err());
    String all = run.out() + run.err();
    assertTrue(all.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'), all);
  }

  @Test
  void shouldFindBrokenDownloadsWithoutAManifest() throws Exception {
    store.put("/m/a.safetensors", "<!DOCTYPE html><html>no such file</html>");
    store.put("/m/readme.md", "<!DOCTYPE html>");
    CommandRun run = verify("/m");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("/m/a.safetensors BROKEN: it is a web page"), run.err());
    assertTrue(!run.err().contains("readme"), run.err());
  }

  @Test
  void shouldSayWhatWorkersRefuse() throws Exception {
    store.put("/m/a", "123456780").put("/m/crc32.txt", DIGITS + " a\n");
    store.fail("/m/a", "Input/output error");
    cluster.metrics(
        WorkerMetrics.parse(
            "w1:30000",
            "{\"counters\":{},\"gauges\":{\"Worker.MowsWrongFiles.w1\":{\"value\":[{\"path\":"
                + "\"/m/a\",\"expectedCrc32\":\"cbf43926\",\"actualCrc32\":\"00000007\","
                + "\"manifest\":\"/m/crc32.txt\"}]}}}"));
    CommandRun run = verify("/m");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().startsWith("/m/a MISMATCH: CRC32 00000007, expected cbf43926"), run.err());
    assertTrue(run.out().contains("refused by w1:30000"), run.out());
  }

  @Test
  void shouldTellAStaleSourceFromAnUnreadableOne() throws Exception {
    store.put("/m/a", "1").put("/m/b", "1");
    store.fail("/m/a", "oss://b/a was replaced at the origin: it has 2 bytes instead of 1");
    store.fail("/m/b", "no route");
    JsonNode json = verify("/m", "--json").json();
    assertEquals("STALE", json.at("/files/0/status").asText());
    assertEquals("UNREADABLE", json.at("/files/1/status").asText());
    assertEquals(1, verify("/m").exitCode());
  }

  @Test
  void shouldFailIfThereIsNothing() throws Exception {
    CommandRun run = verify("/nothing");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("/nothing cannot be listed"), run.err());
    assertThrows(InvalidArgumentException.class, () -> verify("relative"));
    assertThrows(InvalidArgumentException.class, () -> verify());
  }

  @Test
  void shouldWriteAManifestThatProvesItsFiles() throws Exception {
    store.put("/m/a", "123456789").put("/m/sub/b b", "x").put("/m/crc32.txt", "old");
    CommandRun run = manifest("/m", "-o", "-");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(DIGITS + " a\n8cdc1683 sub/b b\n", run.out());
    store.put("/m/crc32.txt", run.out());
    assertEquals(0, verify("/m").exitCode());
  }

  @Test
  void shouldWriteAManifestToAFile() throws Exception {
    store.put("/m/a", "123456789");
    Path file = directory.resolve("crc32.txt");
    assertEquals(0, manifest("/m", "-o", file.toString()).exitCode());
    assertEquals(DIGITS + " a\n", Files.readString(file, StandardCharsets.UTF_8));
    try (var files = Files.list(directory)) {
      assertEquals(List.of(file), files.collect(java.util.stream.Collectors.toList()));
    }
  }

  @Test
  void shouldLeaveOutOfAManifestWhatItCannotName() throws Exception {
    store.put("/m/a", "123456789").put("/m/b\nc", "x");
    CommandRun run = manifest("/m", "-o", "-");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(DIGITS + " a\n", run.out());
    assertTrue(run.err().contains("'/m/b\\nc' is left out"), run.err());
  }

  @Test
  void shouldWriteNoManifestOfWhatItCannotRead() throws Exception {
    store.put("/m/a", "1").put("/m/b", "2").fail("/m/a", "no route");
    Path file = directory.resolve("crc32.txt");
    CommandRun run = manifest("/m", "-o", file.toString());
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("/m/a cannot be read: no route"), run.err());
    assertTrue(Files.notExists(file));
    assertEquals(1, manifest("/m/b", "-o", "-").exitCode(), "not a directory");
  }
}
