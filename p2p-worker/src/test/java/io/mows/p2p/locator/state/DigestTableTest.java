// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.protocol.Announcement;
import io.mows.p2p.locator.protocol.DigestCodec;
import io.mows.p2p.locator.protocol.DigestEntry;
import io.mows.p2p.locator.protocol.EntryCodec;
import io.mows.p2p.locator.protocol.EntryReply.Result;
import io.mows.p2p.locator.protocol.FileChange;
import io.mows.p2p.locator.protocol.LocatorEntry;
import io.mows.p2p.locator.protocol.QueryCodec;
import io.mows.p2p.locator.state.StateRules.StampedEntry;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import io.mows.p2p.piece.PieceDigest;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Proven digests in the directory. */
final class DigestTableTest {
  private static final PieceDigest DIGEST = new PieceDigest(2_500, 1_000, new int[] {1, -2, 3});
  private static final FileInfo FILE = new FileInfo(7, "/m/7", 2_500);

  private LocatorState state = LocatorState.empty();
  private Result result;

  private void apply(LocatorEntry entry) throws WireException {
    StateRules.Transition next =
        StateRules.apply(state, new StampedEntry(EntryCodec.read(entry.toBytes()), 1_000, 1));
    state = next.state();
    result = next.reply().result();
  }

  private void announce(String peer, FileInfo file) throws WireException {
    PeerInfo info = new PeerInfo(peer, peer + ":1", "default", PeerRole.INSTANCE);
    List<FileChange> files = List.of(FileChange.put(file, Coverage.of(1, 2, true)));
    apply(Announcement.full(info, 1, 1, 60_000, PeerLoad.NONE, files));
  }

  @Test
  void shouldKeepADigestWhileSomebodyHasTheFile() throws Exception {
    announce("a", FILE);
    announce("b", FILE);
    apply(new DigestEntry("a", 1, 7, DIGEST));
    assertEquals(Result.OK, result);
    assertEquals(Optional.of(DIGEST), state.digests().get(7));
    apply(new LocatorEntry.Departure("a", 1));
    assertEquals(Optional.of(DIGEST), state.digests().get(7));
    apply(new LocatorEntry.Departure("b", 1));
    assertEquals(Optional.empty(), state.digests().get(7));
  }

  @Test
  void shouldAllocateNothingForPiecesThatDoNotCome() {
    byte[] few = new WireWriter().putNumber(DigestCodec.MAX_PIECES_OF_FILE).putNumber(1).toBytes();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    for (int i = 0; i < 100; i++) {
      assertThrows(WireException.class, () -> DigestCodec.read(new WireReader(few)));
    }
    long allocated = threads.getThreadAllocatedBytes(thread) - before;
    assertTrue(allocated < 10 << 20, allocated + " bytes");
  }

  @Test
  void shouldTakeADigestOnlyFromWhoHasTheFile() throws Exception {
    apply(new DigestEntry("a", 1, 7, DIGEST));
    assertEquals(Result.FULL_NEEDED, result);
    announce("a", FILE);
    apply(new DigestEntry("a", 2, 7, DIGEST));
    assertEquals(Result.FULL_NEEDED, result, "another process");
    apply(new DigestEntry("a", 1, 8, DIGEST));
    assertEquals(Result.FULL_NEEDED, result, "another file");
    apply(new DigestEntry("a", 1, 7, new PieceDigest(2_499, 1_000, new int[3])));
    assertEquals(Result.FULL_NEEDED, result, "another length");
    assertEquals(0, state.digests().size());
  }

  @Test
  void shouldReplaceADigest() throws Exception {
    announce("a", FILE);
    apply(new DigestEntry("a", 1, 7, new PieceDigest(2_500, 1_000, new int[3])));
    apply(new DigestEntry("a", 1, 7, DIGEST));
    assertEquals(Optional.of(DIGEST), state.digests().get(7));
  }

  @Test
  void shouldBeInSnapshotsAndAnswers() throws Exception {
    announce("a", FILE);
    apply(new DigestEntry("a", 1, 7, DIGEST));
    byte[] snapshot = StateCodec.write(state);
    LocatorState read = StateCodec.read(snapshot, LocatorLimits.DEFAULT);
    assertArrayEquals(snapshot, StateCodec.write(read));
    byte[] answer = QueryAnswers.answer(QueryCodec.writeDigestQuery(7), read, 0);
    assertEquals(Optional.of(DIGEST), QueryCodec.readDigest(answer));
    byte[] none = QueryAnswers.answer(QueryCodec.writeDigestQuery(8), read, 0);
    assertEquals(Optional.empty(), QueryCodec.readDigest(none));
  }

  @Test
  void shouldRefuseADigestThatIsTooLong() {
    WireWriter out = new WireWriter().putNumber(Long.MAX_VALUE).putNumber(1);
    assertThrows(WireException.class, () -> DigestCodec.read(new WireReader(out.toBytes())));
  }
}
