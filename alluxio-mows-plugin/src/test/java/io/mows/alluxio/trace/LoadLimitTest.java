// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class LoadLimitTest {
  private static final double GB = 1e9;

  private final LoadLimit.Measured measured = new LoadLimit.Measured();

  private void comes(double fromOrigin, double fromPeers) {
    measured.originBytesPerSecond = fromOrigin;
    measured.peerBytesPerSecond = fromPeers;
  }

  private void assertLimit(LoadLimit limit) {
    assertEquals(limit, LoadLimit.of(measured));
  }

  @Test
  void shouldBeTheOriginThatIsAway() {
    comes(0, GB);
    measured.originWaits = true;
    measured.processorShare = 1;
    assertLimit(LoadLimit.ORIGIN);
  }

  @Test
  void shouldBeTheOriginThatGivesNoMoreThoughTheNetworkTakesMore() {
    comes(GB, 0);
    measured.linkBytesPerSecond = 3 * GB;
    assertLimit(LoadLimit.ORIGIN);
    measured.linkBytesPerSecond = 0;
    measured.peakFromOrigin = GB;
    assertLimit(LoadLimit.ORIGIN);
    measured.peakFromPeers = 2 * GB;
    assertLimit(LoadLimit.ORIGIN);
  }

  @Test
  void shouldBeTheOriginWhileNothingComes() {
    comes(0, 0);
    assertLimit(LoadLimit.ORIGIN);
  }

  @Test
  void shouldBeTheLinkThatIsFullByItsOwnWord() {
    comes(0.6 * GB, 0.5 * GB);
    measured.linkBytesPerSecond = 1.25 * GB;
    assertLimit(LoadLimit.LINK);
  }

  /** Two kinds of sources that have nothing in common bring the same: so it is the link. */
  @Test
  void shouldBeTheLinkThatIsAsFullAsOtherSourcesFilledIt() {
    comes(0, 0.95 * GB);
    measured.peakFromOrigin = GB;
    assertLimit(LoadLimit.LINK);
    comes(0.95 * GB, 0);
    measured.peakFromOrigin = GB;
    measured.peakFromPeers = GB;
    assertLimit(LoadLimit.LINK);
    comes(0.5 * GB, 0.45 * GB);
    assertLimit(LoadLimit.LINK);
  }

  /** What came before came slowly, for whatever reason. */
  @Test
  void shouldNotTakeASlowStartForWhatTheNetworkTakes() {
    comes(0.4 * GB, 0.6 * GB);
    measured.peakFromOrigin = 0.3 * GB;
    measured.peakFromPeers = 0.5 * GB;
    assertLimit(LoadLimit.PEER);
    comes(GB, 0);
    assertLimit(LoadLimit.ORIGIN);
  }

  @Test
  void shouldBePeersThatGiveNoMoreThoughTheNetworkTakesMore() {
    comes(0.1 * GB, 0.5 * GB);
    measured.linkBytesPerSecond = 3 * GB;
    assertLimit(LoadLimit.PEER);
    measured.linkBytesPerSecond = 0;
    measured.peakFromOrigin = GB;
    assertLimit(LoadLimit.PEER);
    measured.peakFromOrigin = 0;
    measured.peakFromPeers = 0.5 * GB;
    comes(0, 0.5 * GB);
    assertLimit(LoadLimit.PEER);
  }

  @Test
  void shouldBeTheProcessorThatIsBusy() {
    comes(GB, GB);
    measured.linkBytesPerSecond = 2 * GB;
    measured.processorShare = 0.95;
    assertLimit(LoadLimit.PROCESSOR);
    measured.processorShare = 0.5;
    assertLimit(LoadLimit.LINK);
  }

  @Test
  void shouldBeTheStoreThatTakesNothing() {
    comes(GB, 0);
    measured.storeFaults = 1;
    measured.processorShare = 1;
    assertLimit(LoadLimit.STORE);
  }
}
