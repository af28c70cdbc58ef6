// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.fetch.FileSpec;
import java.util.List;

/** What is asked, and answered by an event each. Returns at once. */
public interface QuestionEffects {
  void askVersion(long ticket, FileSpec file);

  void askManifest(long ticket, FileSpec file);

  void askDigest(long ticket, long fileId);

  /** Asks the locator who takes part; of the same number of files and questions. */
  void askMembers(List<MemberQuestion> questions);

  /** Reads a piece of complete blocks. */
  void checkPiece(long check, FileSpec file, int piece);
}
