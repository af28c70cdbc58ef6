// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.proof;

import io.mows.channel.CorruptPieceException;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.RefusedFileException;

/** What those are told who get nothing of a file because it is not proven. */
final class ProofFailures {
  private ProofFailures() {}

  /** The manifest cannot be read. */
  static TransferException unknown(FileSpec file, Throwable failure) {
    return new TransferException(
        Remedy.RETRY,
        file.path()
            + " cannot be proven because its manifest cannot be read: "
            + failure.getMessage(),
        failure);
  }

  /** The manifest does not name the file, or there is none. */
  static RefusedFileException noEntry(FileSpec file, Expectation expectation) {
    return new RefusedFileException(
        file.path()
            + " cannot be proven because it "
            + expectation.reason()
            + ", and with alluxio.mows.verify=strict only proven files are shown",
        "Add it to the manifest ('alluxio fs mows manifest' writes one).");
  }

  /** The piece has another CRC32 than the proven file. */
  static CorruptPieceException notFitting(FileSpec file, int piece) {
    return new CorruptPieceException(
        "The bytes of piece "
            + piece
            + " of "
            + file
            + " are not those of the proven file (wrong CRC32)");
  }
}
