// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.swarm.origin.OriginGates;
import java.util.ArrayList;
import java.util.List;

/**
 * What is on its way to this worker, from peers and from origins: the one record of it, with the
 * counts of each source. A piece that comes has one row that is no hedge; how far it has come is in
 * its file's {@link io.mows.p2p.plan.PieceTable}. For one thread.
 */
public final class InFlight {
  private final List<DownloadRow> downloads = new ArrayList<>();
  private final List<OriginRow> originReads = new ArrayList<>();
  private int coming;

  /** A piece is asked for at a neighbour, which may refuse. */
  public DownloadRow ask(
      Neighbour neighbour, FileSwarm file, int piece, boolean isHedge, long nowNs) {
    DownloadRow download = new DownloadRow(neighbour, file, piece, isHedge, nowNs);
    downloads.add(download);
    neighbour.downloadsChange(1);
    return download;
  }

  /** It will come: it takes a slot from now on, unless the piece has one already. */
  public void comes(DownloadRow download) {
    if (!download.isHedge() && !download.isCounted()) {
      download.count();
      coming++;
    }
  }

  /** It has come, or will not. */
  public void remove(DownloadRow download) {
    downloads.remove(download);
    download.neighbour().downloadsChange(-1);
    coming -= download.isCounted() ? 1 : 0;
  }

  /** That of {@code piece} from this neighbour, or null. */
  public DownloadRow find(Neighbour neighbour, FileSwarm file, int piece) {
    for (DownloadRow download : downloads) {
      if (download.is(neighbour, file, piece)) {
        return download;
      }
    }
    return null;
  }

  /** Those of {@code piece} from any neighbour; a copy. */
  public List<DownloadRow> of(FileSwarm file, int piece) {
    List<DownloadRow> found = new ArrayList<>(1);
    for (DownloadRow download : downloads) {
      if (download.file() == file && download.piece() == piece) {
        found.add(download);
      }
    }
    return found;
  }

  /** Whether {@code piece} comes from any neighbour. */
  public boolean isAny(FileSwarm file, int piece) {
    for (DownloadRow download : downloads) {
      if (download.file() == file && download.piece() == piece) {
        return true;
      }
    }
    return false;
  }

  /** All from neighbours, the first that was asked for first; a copy. */
  public List<DownloadRow> downloads() {
    return new ArrayList<>(downloads);
  }

  /** Whether it has not come yet and is not given up. */
  public boolean has(DownloadRow download) {
    return downloads.contains(download);
  }

  /** How many are on their way from neighbours, those included that may be refused. */
  public int downloadCount() {
    return downloads.size();
  }

  /** How many pieces come from neighbours now: what may be refused is not counted. */
  public int coming() {
    return coming;
  }

  /** How many were asked for and have brought nothing yet, hedges included. */
  public int askedFor() {
    return downloads.size() - coming;
  }

  public int hedges() {
    int hedges = 0;
    for (DownloadRow download : downloads) {
      hedges += download.isHedge() ? 1 : 0;
    }
    return hedges;
  }

  /** A piece is being read from the origin. */
  public void read(FileSwarm file, int piece, OriginGates.Ask ask, long nowNs) {
    originReads.add(new OriginRow(file, piece, ask, nowNs));
  }

  public void remove(OriginRow read) {
    originReads.remove(read);
  }

  /** The read of {@code piece} from the origin, or null. */
  public OriginRow findRead(FileSwarm file, int piece) {
    for (OriginRow read : originReads) {
      if (read.file() == file && read.piece() == piece) {
        return read;
      }
    }
    return null;
  }

  /** All reads from origins, the oldest first; a copy. */
  public List<OriginRow> originReads() {
    return new ArrayList<>(originReads);
  }

  public int originReadCount() {
    return originReads.size();
  }
}
