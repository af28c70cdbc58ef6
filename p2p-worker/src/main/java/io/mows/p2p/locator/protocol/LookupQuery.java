// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/** One peer's question about the swarms of some files. Immutable. */
public final class LookupQuery {
  public static final int MAX_FILES = 64;
  public static final int MAX_NEIGHBOURS = 256;
  public static final int MAX_OWNERS = 256;

  private final String asker;
  private final String group;
  private final int neighbours;
  private final int owners;
  private final List<Long> fileIds;

  /**
   * @param neighbours how many holders to name for each file
   * @param owners how many fetching peers to name for each file
   */
  public LookupQuery(String asker, String group, int neighbours, int owners, List<Long> fileIds) {
    this.asker = asker;
    this.group = group;
    this.neighbours = neighbours;
    this.owners = owners;
    this.fileIds = List.copyOf(fileIds);
  }

  public List<Long> fileIds() {
    return fileIds;
  }

  public String asker() {
    return asker;
  }

  public String group() {
    return group;
  }

  /** How many holders to name for each file. */
  public int neighbours() {
    return neighbours;
  }

  /** How many fetching peers to name for each file. */
  public int owners() {
    return owners;
  }

  void write(WireWriter out) {
    out.putText(asker).putText(group).putNumber(neighbours).putNumber(owners);
    out.putNumber(fileIds.size());
    fileIds.forEach(out::putLong);
  }

  public static LookupQuery read(WireReader in) throws WireException {
    String asker = in.readText(PeerInfo.MAX_ID_BYTES, "a peer id");
    String group = in.readText(PeerInfo.MAX_GROUP_BYTES, "a group");
    int neighbours = (int) in.readNumber(MAX_NEIGHBOURS, "the number of neighbours");
    int owners = (int) in.readNumber(MAX_OWNERS, "the number of owners");
    int count = in.readCount(MAX_FILES, "files");
    List<Long> fileIds = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      fileIds.add(in.readLong());
    }
    return new LookupQuery(asker, group, neighbours, owners, fileIds);
  }
}
