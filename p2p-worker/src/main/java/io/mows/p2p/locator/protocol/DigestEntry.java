// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import io.mows.p2p.piece.PieceDigest;

/** A peer has proven a file that it holds. Immutable. */
public final class DigestEntry extends LocatorEntry {
  public static final int KIND = 3;

  private final long fileId;
  private final PieceDigest digest;

  public DigestEntry(String peerId, long session, long fileId, PieceDigest digest) {
    super(peerId, session);
    this.fileId = fileId;
    this.digest = digest;
  }

  public long fileId() {
    return fileId;
  }

  public PieceDigest digest() {
    return digest;
  }

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  void writeBody(WireWriter out) {
    out.putLong(fileId);
    DigestCodec.write(digest, out);
  }

  static DigestEntry readBody(String peerId, long session, WireReader in) throws WireException {
    return new DigestEntry(peerId, session, in.readLong(), DigestCodec.read(in));
  }
}
