// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.sim.Scenario;
import io.mows.p2p.sim.SimResult;
import io.mows.p2p.sim.SwarmSimMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How near to the shortest possible time a crowd of whole engines gets a file, and how often the
 * origin is read. Measured: 99 of 100 end within 1.05 (slow origin) to 1.28 times that time, and
 * the origin is read exactly once. For larger crowds see {@link CrowdSimMain}.
 */
final class CrowdTest {
  private static final int WORKERS = 24;
  private static final int PIECES = 64;
  private static final String HELD_AND_READ = "one holder, readers";

  private static SimResult run(String name, Scenario scenario) {
    CrowdWorld world = new CrowdWorld(scenario);
    SimResult result = world.run();
    System.out.printf(
        "%s, %d engines, seed %d: p50 %.2f, p99 %.2f, origin %.3f, %d decisions%n",
        name,
        scenario.nodes,
        scenario.seed,
        result.p50,
        result.p99,
        result.origin,
        world.decisions());
    return result;
  }

  private static Scenario scenario(String name, long seed) {
    return SwarmSimMain.scenario(name, WORKERS, PIECES, seed);
  }

  @ParameterizedTest
  @CsvSource({
    "cold start, 1.4",
    "'cold start, slow origin', 1.2",
    "slow connections, 1.4",
    "staggered joins, 1.4",
    "readers, 1.4",
  })
  void shouldReadTheOriginOnceAndEndNearTheBound(String name, double most) {
    SimResult result = run(name, scenario(name, 5));
    assertTrue(result.p99 <= most, "p99 over the bound: " + result.p99);
    assertTrue(result.origin <= 1.02, "origin bytes over the file's: " + result.origin);
  }

  @ParameterizedTest
  @CsvSource({"one holder", "warm-up holder", "'" + HELD_AND_READ + "'"})
  void shouldNotReadTheOriginIfAnybodyHasTheFile(String name) {
    SimResult result = run(name, scenario(name, 6));
    assertTrue(result.p99 <= 1.4, "p99 over the bound: " + result.p99);
    assertEquals(0, result.origin);
  }

  /**
   * Most readers wait for something that the holder has: it does not give that again and again
   * before it has given everything once.
   */
  @Test
  void shouldSpreadTheOnlyHoldersPiecesAlthoughAllRead() {
    SimResult result =
        run("one of 101 has it", SwarmSimMain.scenario(HELD_AND_READ, 100, PIECES, 100));
    assertTrue(result.p99 <= 1.5, "p99 over the bound: " + result.p99);
    assertEquals(0, result.origin);
  }

  /** Another holder is left, and what the others have got until then. */
  @Test
  void shouldNotReadTheOriginWhenOneOfTwoHoldersDies() {
    Scenario scenario = scenario("one holder", 7);
    scenario.holders = 2;
    scenario.holderCrashNs = (long) (scenario.boundNs() / 2);
    SimResult result = run("one of two holders dies", scenario);
    assertTrue(result.p99 <= 1.4, "p99 over the bound: " + result.p99);
    assertEquals(0, result.origin);
  }

  /** What nobody has is read from the origin, once, and at once. */
  @ParameterizedTest
  @ValueSource(ints = {8, WORKERS, 40})
  void shouldReadTheRestWhenTheOnlyHolderDies(int workers) {
    Scenario scenario = SwarmSimMain.scenario("one holder", workers, PIECES, 8);
    scenario.holderCrashNs = (long) (scenario.boundNs() / 2);
    SimResult result = run("the only holder dies", scenario);
    assertTrue(result.p99 <= 1.4, "p99 over the bound: " + result.p99);
    assertTrue(result.origin > 0 && result.origin <= 1, "origin: " + result.origin);
  }

  @ParameterizedTest
  @CsvSource({"5 % crash, 1.6, 1.15", "an owner hangs, 1.6, 1.1"})
  void shouldEndSoonAlthoughSomeAreLost(String name, double most, double mostOrigin) {
    SimResult result = run(name, scenario(name, 9));
    assertTrue(result.p99 <= most, "p99 over the bound: " + result.p99);
    assertTrue(result.origin <= mostOrigin, "origin bytes over the file's: " + result.origin);
  }

  /** Crashed, slow and corrupt peers, a failing origin, a locator that goes away. */
  @Test
  void shouldBringAllThroughFaults() {
    for (long seed = 1; seed <= 2; seed++) {
      run("faults", SwarmSimMain.scenario("faults", 12, PIECES, seed));
    }
  }

  @Test
  void shouldLoadWithoutALocator() {
    Scenario scenario = SwarmSimMain.scenario("cold start", 3, PIECES, 10);
    scenario.outageFromNs = 0;
    assertEquals(3.0, run("no locator", scenario).origin, 0.01, "nobody knows anybody");
  }

  @Test
  void shouldRunTheSameForTheSameSeed() {
    long once = hash(11);
    assertEquals(once, hash(11));
    assertNotEquals(once, hash(12));
  }

  private static long hash(long seed) {
    return run("faults", SwarmSimMain.scenario("faults", 6, PIECES, seed)).traceHash;
  }
}
