// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

/** Where a file lives at the origin, and which version of it is meant. Immutable. */
public final class OriginRef {
  private final long mountId;
  private final String path;
  private final String contentHash;
  private final long lastModifiedMs;

  /**
   * @param mountId the mount point the path belongs to
   * @param path full path at the origin
   * @param contentHash the origin's own tag for this content (ETag), empty if it is not known
   * @param lastModifiedMs when it was last changed by the origin's clock, 0 if that is not known
   */
  public OriginRef(long mountId, String path, String contentHash, long lastModifiedMs) {
    this.mountId = mountId;
    this.path = path;
    this.contentHash = contentHash;
    this.lastModifiedMs = lastModifiedMs;
  }

  public long mountId() {
    return mountId;
  }

  public String path() {
    return path;
  }

  public String contentHash() {
    return contentHash;
  }

  public long lastModifiedMs() {
    return lastModifiedMs;
  }
}
