// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.ManifestSource;
import io.mows.p2p.fetch.Origin;
import io.mows.p2p.fetch.core.Mailbox;
import io.mows.p2p.fetch.state.MemberQuestion;
import io.mows.p2p.fetch.state.QuestionEffects;
import io.mows.p2p.thread.Futures;
import java.util.List;
import java.util.Optional;

/**
 * Asks the origin, manifests, the locator and the memory; the answers are events. Methods are for
 * the engine's thread.
 */
public final class QuestionPort implements QuestionEffects {
  private final Origin source;
  private final ManifestSource manifests;
  private final Optional<LocatorPort> locator;
  private final ScrubReader scrubs;
  private final Mailbox mailbox;

  /**
   * @param locator empty for a worker that shares with nobody
   */
  public QuestionPort(
      Origin source,
      ManifestSource manifests,
      Optional<LocatorPort> locator,
      ScrubReader scrubs,
      Mailbox mailbox) {
    this.source = source;
    this.manifests = manifests;
    this.locator = locator;
    this.scrubs = scrubs;
    this.mailbox = mailbox;
  }

  @Override
  public void askVersion(long ticket, FileSpec file) {
    source
        .confirmVersion(file)
        .whenComplete(
            (same, no) -> mailbox.post(in -> in.versionAnswered(ticket, Futures.causeOf(no))));
  }

  @Override
  public void askManifest(long ticket, FileSpec file) {
    manifests
        .expected(file)
        .whenComplete(
            (expectation, no) ->
                mailbox.post(in -> in.manifestAnswered(ticket, expectation, Futures.causeOf(no))));
  }

  @Override
  public void askDigest(long ticket, long fileId) {
    locator.ifPresentOrElse(
        port -> port.askDigest(ticket, fileId),
        () -> mailbox.post(in -> in.digestHeard(ticket, Optional.empty())));
  }

  @Override
  public void askMembers(List<MemberQuestion> questions) {
    locator.ifPresent(port -> port.askMembers(questions));
  }

  @Override
  public void checkPiece(long check, FileSpec file, int piece) {
    scrubs.check(check, file, piece);
  }
}
