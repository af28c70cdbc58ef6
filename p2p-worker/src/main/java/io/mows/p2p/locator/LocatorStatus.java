// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import java.util.List;

/** The directory as an operator wants to see it. Immutable. */
public final class LocatorStatus {
  private final long epoch;
  private final long ageMs;
  private final List<PeerStatus> peers;
  private final List<FileStatus> files;
  private final int fileCount;

  public LocatorStatus(
      long epoch, long ageMs, List<PeerStatus> peers, List<FileStatus> files, int fileCount) {
    this.epoch = epoch;
    this.ageMs = ageMs;
    this.peers = List.copyOf(peers);
    this.files = List.copyOf(files);
    this.fileCount = fileCount;
  }

  /** Which life of the directory answers; 0 before anybody announced anything. */
  public long epoch() {
    return epoch;
  }

  /** How far the member that answered may be behind, in ms. */
  public long ageMs() {
    return ageMs;
  }

  /** All peers, by group and id. */
  public List<PeerStatus> peers() {
    return peers;
  }

  /** The files that were asked for, by path; as many as were allowed. */
  public List<FileStatus> files() {
    return files;
  }

  /** How many files match in all. */
  public int fileCount() {
    return fileCount;
  }

  /** One peer. Immutable. */
  public static final class PeerStatus {
    private final PeerInfo peer;
    private final PeerLoad load;
    private final int fileCount;
    private final long heldBytes;
    private final long leaseLeftMs;

    public PeerStatus(
        PeerInfo peer, PeerLoad load, int fileCount, long heldBytes, long leaseLeftMs) {
      this.peer = peer;
      this.load = load;
      this.fileCount = fileCount;
      this.heldBytes = heldBytes;
      this.leaseLeftMs = leaseLeftMs;
    }

    public PeerInfo peer() {
      return peer;
    }

    public PeerLoad load() {
      return load;
    }

    /** Files that it has, or is getting, something of. */
    public int fileCount() {
      return fileCount;
    }

    /** What it has of them, to a thousandth of each file. */
    public long heldBytes() {
      return heldBytes;
    }

    /** When it counts as gone if it stays silent. */
    public long leaseLeftMs() {
      return leaseLeftMs;
    }
  }

  /** One file. Immutable. */
  public static final class FileStatus {
    private final FileInfo file;
    private final List<GroupCoverage> groups;

    public FileStatus(FileInfo file, List<GroupCoverage> groups) {
      this.file = file;
      this.groups = List.copyOf(groups);
    }

    public FileInfo file() {
      return file;
    }

    /** By name of the group; only those that have some of the file. */
    public List<GroupCoverage> groups() {
      return groups;
    }
  }

  /** What one group has of one file. Immutable. */
  public static final class GroupCoverage {
    private final String group;
    private final int complete;
    private final int partial;
    private final int fetching;
    private final int bestPermille;

    public GroupCoverage(String group, int complete, int partial, int fetching, int bestPermille) {
      this.group = group;
      this.complete = complete;
      this.partial = partial;
      this.fetching = fetching;
      this.bestPermille = bestPermille;
    }

    public String group() {
      return group;
    }

    /** Peers that have all of the file. */
    public int complete() {
      return complete;
    }

    /** Peers that have some of it. */
    public int partial() {
      return partial;
    }

    /** Peers that are getting it. */
    public int fetching() {
      return fetching;
    }

    /** What the peer with most of it has, in thousandths. */
    public int bestPermille() {
      return bestPermille;
    }
  }
}
