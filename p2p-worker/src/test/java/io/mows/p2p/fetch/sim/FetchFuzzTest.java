// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.core.FetchCore;
import io.mows.p2p.fetch.sim.FuzzWorld.Extra;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real engine in a simulated world in which anything goes wrong (docs/adr/0038). For a night of
 * it, 10,000 million decisions:
 *
 * <pre>
 * mvn -q test -P '!has-tests' -pl p2p-worker -am -Dtest='FetchFuzzTest#shouldBreakNoRule' \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dmows.fuzz.seed=1000000 \
 *     -Dmows.fuzz.events=10000000000
 * </pre>
 *
 * <p>What happens in one world, event by event: {@code -Dmows.fuzz.seed=441 -Dmows.fuzz.events=1
 * -Dmows.fuzz.trace=true}.
 */
final class FetchFuzzTest {
  private static final long EVENTS = Long.getLong("mows.fuzz.events", 1_000_000);
  private static final long SEED = Long.getLong("mows.fuzz.seed", 1);

  /** Enough to find each of the faults below several times over. */
  private static final long MUTANT_EVENTS = 300_000;

  private static final Path SOURCES = Path.of("src/main/java/io/mows/p2p/fetch");

  @TempDir private Path directory;

  @Test
  @Timeout(value = 2, unit = TimeUnit.DAYS) // Whoever asks for many events has many.
  void shouldBreakNoRule() {
    assertNull(new Fuzzer().apply(new long[] {SEED, EVENTS}));
  }

  /** As many workers as the golden traces have peers, and more than one is connected with. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.DAYS)
  void shouldBreakNoRuleInACrowd() {
    assertNull(new Fuzzer(24).apply(new long[] {SEED, EVENTS / 5}));
  }

  /** Blocks that have all their bytes already, some of them wrong ones. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.DAYS)
  void shouldBreakNoRuleWithLinkedBlocks() {
    assertNull(new Fuzzer(4, Set.of(Extra.TWINS)).apply(new long[] {SEED, EVENTS / 2}));
  }

  /** Fetches that end while the store is still busy with their blocks. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.DAYS)
  void shouldBreakNoRuleWhereLanesEnd() {
    assertNull(new Fuzzer(4, Set.of(Extra.LANES_END)).apply(new long[] {SEED, EVENTS / 2}));
  }

  /** Two workers each lost what the locator went on saying they had, and waited for each other. */
  @Test
  void shouldTellTheLocatorOfPiecesThatAreLost() {
    assertNull(new Fuzzer().apply(new long[] {1_074, 1}));
  }

  /**
   * A hedge was faster than a slow transfer, which was called off; then its bytes could not be
   * written, and the decisions went on waiting for the slow one.
   */
  @Test
  void shouldStartAgainWhatAHedgeCouldNotWrite() {
    assertNull(new Fuzzer().apply(new long[] {194, 1}));
  }

  /** A piece was granted to a peer, and the file was found wrong before the piece was opened. */
  @Test
  void shouldNotGiveWhatWasFoundWrongMeanwhile() {
    assertNull(new Fuzzer().apply(new long[] {500_231, 1}));
  }

  /**
   * A lane had asked for a piece that came for a reader while nothing could be written, and for one
   * that was lost with the block before it: nobody asked for them again.
   */
  @Test
  void shouldAskAgainForWhatALaneHasLost() {
    assertNull(new Fuzzer().apply(new long[] {2_024, 1}));
  }

  /** What had landed of a file that cannot be shown for want of room was counted as failed. */
  @Test
  void shouldCountNothingAsFailedForWantOfRoom() {
    assertNull(new Fuzzer().apply(new long[] {3, 1}));
  }

  /** A lane ended a fetch whose block was committed, and the next one asked for its room. */
  @Test
  void shouldNotAskForRoomWhileTheBlockIsCommitted() {
    assertNull(new Fuzzer("LANES_END").apply(new long[] {45, 1}));
  }

  /**
   * A block got no room, and with it the piece that it has in common with the next one was dropped,
   * which had no room either when it was asked for last, but got it then: its load never ended.
   */
  @Test
  void shouldNotDropWhatTheLoadOfTheNextBlockWants() {
    assertNull(new Fuzzer("LANES_END").apply(new long[] {4_594, 1}));
  }

  /** A peer offered a piece and was lost before that was asked for; it was asked all the same. */
  @Test
  void shouldNotAskAPeerThatIsLostMeanwhile() {
    assertNull(new Fuzzer(24).apply(new long[] {300_003, 1}));
  }

  /** Whatever goes wrong in a world can be looked at again. */
  @Test
  void shouldDoTheSameForTheSameSeed() {
    for (long seed = 1; seed <= 20; seed++) {
      assertEquals(trace(seed), trace(seed), "world " + seed);
    }
    assertNotEquals(trace(1), trace(2));
  }

  private static int trace(long seed) {
    int[] hash = new int[1];
    assertNull(
        new FuzzWorld(seed, 4, Set.of(), line -> hash[0] = 31 * hash[0] + line.hashCode()).run());
    return hash[0];
  }

  @Test
  void shouldFindReadersThatAreWokenBeforeThereIsAnythingToSee() throws Exception {
    assertFound(
        "file/FileEvents.java",
        "    blocks.publish(piece);\n    wants.arrived(piece);\n",
        "    wants.arrived(piece);\n    blocks.publish(piece);\n");
  }

  @Test
  void shouldFindASwarmThatIsToldBeforeTheVersionIsConfirmed() throws Exception {
    assertFound(
        "file/TransferEnds.java",
        "      verifier.note(piece, crc32);\n      read.keep(pieces);\n",
        "      verifier.note(piece, crc32);\n      read.keep(pieces);\n"
            + "      java.util.BitSet told = new java.util.BitSet();\n"
            + "      told.set(piece);\n"
            + "      state.swarm().tell().confirmed(file.fileId(), told);\n");
  }

  @Test
  void shouldFindAnAttemptThatIsCountedForAFullDisk() throws Exception {
    assertFound("file/TransferEnds.java", "return ours.isPresent()", "return block < -9");
  }

  @Test
  void shouldFindAWriterThatIsNotWaitedFor() throws Exception {
    assertFound(
        "file/FileTransfers.java",
        "      state.effects().transfers().cancel(transfer.ticket);\n",
        "      state.effects().transfers().cancel(transfer.ticket);\n      release(transfer);\n");
  }

  @Test
  void shouldFindACommitWhileTheFileIsHidden() throws Exception {
    assertFound(
        "file/BlockEnds.java", "isWhole && state.proofs().mayCommit(file.fileId())", "isWhole");
  }

  @Test
  void shouldFindReadersThatWaitForAMinuteForWhatCanBeHad() throws Exception {
    String found =
        assertFound(
            "proof/ProofQuestions.java",
            "ASK_AGAIN_NS = TimeUnit.SECONDS.toNanos(1)",
            "ASK_AGAIN_NS = TimeUnit.SECONDS.toNanos(60)");
    assertTrue(found.contains("nothing is in its way"), found);
  }

  @Test
  void shouldFindAPauseThatIsMadeForAFullDisk() throws Exception {
    String found =
        assertFound(
            "file/Withdrawals.java",
            "    withdraw(transfer, state.nowNs());\n    return",
            "    withdraw(transfer, state.nowNs() + 100_000_000);\n    return");
    assertTrue(found.contains("was counted by a pause"), found);
  }

  @Test
  void shouldFindRoomThatIsAskedForWhileTheBlockIsCommitted() throws Exception {
    mutate(
        "file/FileFetch.java",
        "parts.blocks.isDiscarding() || parts.blocks.isCommitting()",
        "parts.blocks.isDiscarding()");
    String found = fuzz(Extra.LANES_END.name());
    assertTrue(found != null && found.contains("it at once"), found);
  }

  /** Lets the engine run with this fault in it; returns what was found. */
  private String assertFound(String file, String right, String wrong) throws Exception {
    mutate(file, right, wrong);
    String found = fuzz();
    assertNotNull(found, "nothing was found");
    System.out.println(file + ": " + found);
    return found;
  }

  /** Compiles the engine with this fault in it. */
  private void mutate(String file, String right, String wrong) throws Exception {
    Path source = SOURCES.resolve(file);
    String text = Files.readString(source);
    assertTrue(text.contains(right), source + " does not say any more: " + right);
    Path mutant = directory.resolve("src").resolve(source.getFileName());
    Files.createDirectories(mutant.getParent());
    Files.writeString(mutant, text.replace(right, wrong));
    Path classes = Files.createDirectories(classes());
    int failures =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                List.of(
                        "-nowarn",
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        mutant.toString())
                    .toArray(new String[0]));
    assertTrue(failures == 0, "it does not compile");
  }

  private Path classes() {
    return directory.resolve("classes");
  }

  /**
   * @param extra what happens besides; at most one
   */
  private String fuzz(String... extra) throws Exception {
    try (URLClassLoader loader = new MutantLoader(classes())) {
      Class<?>[] types = Collections.nCopies(extra.length, String.class).toArray(new Class<?>[0]);
      Object fuzzer =
          loader
              .loadClass(Fuzzer.class.getName())
              .getDeclaredConstructor(types)
              .newInstance((Object[]) extra);
      @SuppressWarnings("unchecked")
      Function<long[], String> run = (Function<long[], String>) fuzzer;
      return run.apply(new long[] {SEED, MUTANT_EVENTS});
    }
  }

  /** Loads the engine anew, with the mutant before the class it is made from. */
  private static final class MutantLoader extends URLClassLoader {
    MutantLoader(Path classes) throws IOException {
      super(
          new URL[] {
            classes.toUri().toURL(), home(FetchCore.class), home(FetchFuzzTest.class),
          },
          FetchFuzzTest.class.getClassLoader());
    }

    private static URL home(Class<?> of) throws IOException {
      URI at = URI.create(of.getProtectionDomain().getCodeSource().getLocation().toString());
      return at.toURL();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("io.mows.p2p.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known != null ? known : findClass(name);
      }
    }
  }
}
