// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Short runs of what {@link SwarmSimMain} prints. The invariants are checked in all of them. */
final class SwarmSimTest {
  private static SimResult run(Scenario scenario) {
    SimResult result = new SimWorld(scenario).run();
    System.out.printf(
        "%d peers, seed %d: p50 %.2f, p99 %.2f, origin %.3f%n",
        scenario.nodes, scenario.seed, result.p50, result.p99, result.origin);
    return result;
  }

  @ParameterizedTest
  @CsvSource({
    "cold start, 2",
    "cold start, 4",
    "cold start, 8",
    "cold start, 16",
    "cold start, 40",
    "'cold start, slow origin', 8",
    "'cold start, slow origin', 40",
    "staggered joins, 4",
    "staggered joins, 16",
    "staggered joins, 40",
    "readers, 8",
    "readers, 40"
  })
  void shouldReadTheOriginOnceAndEndNearTheBound(String name, int nodes) {
    SimResult result = run(SwarmSimMain.scenario(name, nodes, 256, 5));
    assertTrue(result.p99 <= 1.3, "p99 over the bound: " + result.p99);
    assertTrue(result.origin <= 1.05, "origin bytes over the file's: " + result.origin);
  }

  @ParameterizedTest
  @CsvSource({
    "one holder, 2",
    "one holder, 8",
    "one holder, 40",
    "warm-up holder, 8",
    "warm-up holder, 40"
  })
  void shouldNotReadTheOriginIfAnybodyHasTheFile(String name, int nodes) {
    SimResult result = run(SwarmSimMain.scenario(name, nodes, 256, 6));
    assertTrue(result.p99 <= 1.3, "p99 over the bound: " + result.p99);
    assertEquals(0, result.origin);
  }

  /** The owners draw shares that are less even than those of many pieces. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 16, 40})
  void shouldStayNearTheBoundWithFewLargePieces(int nodes) {
    SimResult result = run(SwarmSimMain.scenario("cold start", nodes, 64, 7));
    assertTrue(result.p99 <= 1.4, "p99 over the bound: " + result.p99);
    assertTrue(result.origin <= 1.05, "origin bytes over the file's: " + result.origin);
  }

  /** Nobody is told of all: the locator must name those that all take for the owners. */
  @ParameterizedTest
  @CsvSource({"cold start, 256", "'cold start, slow origin', 128"})
  void shouldAgreeOnTheOwnersThoughTheLocatorTellsOfFew(String name, int nodes) {
    SimResult result = run(SwarmSimMain.scenario(name, nodes, 64, 12));
    assertTrue(result.p99 <= 1.6, "p99 over the bound: " + result.p99);
    assertTrue(result.origin <= 1.05, "origin bytes over the file's: " + result.origin);
  }

  /** The origin's link is wide, but it gives one connection a tenth, or a hundredth, of a link. */
  @ParameterizedTest
  @CsvSource({
    "slow connections, 1, 1.25",
    "slow connections, 2, 1.5",
    "slow connections, 3, 1.5",
    "slow connections, 8, 1.5",
    "very slow connections, 1, 2.5",
    "very slow connections, 2, 2.0",
    "very slow connections, 8, 1.8",
    "very slow connections, 40, 1.8"
  })
  void shouldUseAllConnectionsOfAllMembers(String name, int nodes, double most) {
    SimResult alone = run(SwarmSimMain.scenario(name, 1, 64, 13));
    SimResult result = run(SwarmSimMain.scenario(name, nodes, 64, 13));
    assertTrue(result.worst <= most, "over the bound: " + result.worst);
    assertTrue(result.origin <= 1.05, "origin bytes over the file's: " + result.origin);
    assertTrue(nodes == 1 || result.worst <= 1.1 * alone.worst, "slower than alone");
  }

  /** It takes fifty of them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void shouldFillALinkOf40GigabitsWhereAConnectionGives100Megabytes(int nodes) {
    SimResult unlimited = run(wide(nodes, Double.POSITIVE_INFINITY));
    SimResult result = run(wide(nodes, 100e6));
    assertTrue(
        result.worst <= 1.1 * unlimited.worst, result.worst + " instead of " + unlimited.worst);
    assertTrue(result.origin <= 1.01, "origin bytes over the file's: " + result.origin);
  }

  /** A model of 16 GiB, links of 40 Gbit/s, an origin with four times as much. */
  private static Scenario wide(int nodes, double connectionBytesPerSecond) {
    Scenario scenario = new Scenario();
    scenario.nodes = nodes;
    scenario.pieces = 4_096;
    scenario.linkBytesPerSecond = 40e9 / 8;
    scenario.originFactor = 4;
    scenario.originConnectionBytesPerSecond = connectionBytesPerSecond;
    return scenario;
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 40})
  void shouldSurviveCrashes(int nodes) {
    Scenario scenario = SwarmSimMain.scenario("5 % crash", nodes, 256, 8);
    scenario.crashShare = Math.max(0.05, 2.0 / nodes);
    SimResult result = run(scenario);
    assertTrue(result.p99 <= 1.6, "p99 over the bound: " + result.p99);
    assertTrue(result.origin <= 1.15, "origin bytes over the file's: " + result.origin);
  }

  /** Crashed, slow and corrupt peers, lost messages, a failing origin, a locator that goes away. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldBringRightBytesToAllThroughAnyFaults(long seed) {
    run(SwarmSimMain.scenario("faults", (int) (2 + 5 * seed), 64, seed));
  }

  @Test
  void shouldGoOnWhenAllOwnersCrash() {
    Scenario scenario = SwarmSimMain.scenario("cold start", 12, 64, 9);
    scenario.crashShare = 0.7;
    scenario.outageFromNs = Scenario.ms(1_000);
    run(scenario);
  }

  @Test
  void shouldLoadWithoutALocator() {
    Scenario scenario = SwarmSimMain.scenario("cold start", 3, 64, 10);
    scenario.outageFromNs = 0;
    SimResult result = run(scenario);
    assertEquals(3.0, result.origin, 0.01, "nobody knows anybody");
  }

  @Test
  void shouldRunTheSameForTheSameSeed() {
    long once = run(SwarmSimMain.scenario("faults", 20, 64, 11)).traceHash;
    long again = run(SwarmSimMain.scenario("faults", 20, 64, 11)).traceHash;
    long other = run(SwarmSimMain.scenario("faults", 20, 64, 12)).traceHash;
    assertEquals(once, again);
    assertNotEquals(once, other);
  }

  /**
   * A stopped process, for much longer than the whole load takes: nobody is told, what it was to
   * read, send and take stands still.
   */
  @ParameterizedTest
  @CsvSource({
    "8, 1, false, 300",
    "8, 1, true, 300",
    "8, 1, true, 2000",
    "8, 1, true, 6000",
    "16, 2, true, 20",
    "16, 2, true, 2000",
    "40, 1, true, 6000",
    "64, 1, false, 2000",
    "64, 1, true, 300"
  })
  void shouldTakeHardlyLongerWhenAPeerHangs(int nodes, int hung, boolean owners, double atMs) {
    double without = run(SwarmSimMain.scenario("cold start", nodes, 64, 3)).worst;
    Scenario scenario = SwarmSimMain.scenario("cold start", nodes, 64, 3);
    scenario.hungNodes = hung;
    scenario.ownersHang = owners;
    scenario.hangAtNs = Scenario.ms(atMs);
    SimResult result = run(scenario);
    assertTrue(result.worst <= 1.3 * without, result.worst + " instead of " + without);
    assertTrue(result.origin <= 1.1, "origin bytes over the file's: " + result.origin);
  }
}
