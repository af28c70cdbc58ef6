// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.memory.BlockParts;
import io.mows.channel.netty.BulkLink;
import io.netty.util.internal.PlatformDependent;
import java.io.EOFException;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of a connection that is read from. For the connection's thread.
 *
 * <p>The queue pairs of one peer have a domain of their own, and a grant is a region of exactly the
 * bytes that were asked for, mapped from the block file for this one request. So no other peer can
 * use it, it reaches nothing else, and it ends with the request. Nobody here touches the mapping
 * but the device, which has pinned its pages: a block file that shrinks hurts nobody.
 */
final class RdmaServer {
  private static final Logger LOG = LoggerFactory.getLogger(RdmaServer.class);

  private final RdmaCommons commons;
  private final String peerId;
  private final Map<Verbs.Incoming, Verbs.QueuePair> pairs = new HashMap<>();
  private Verbs.Domain domain;
  private int grants;
  private boolean closed;

  RdmaServer(RdmaCommons commons, String peerId) {
    this.commons = commons;
    this.peerId = peerId;
  }

  /** The peer dials. */
  void requested(Verbs.Incoming incoming) {
    if (closed || pairs.size() >= RdmaCommons.MAX_LANES) {
      incoming.reject();
      return;
    }
    try {
      if (domain == null) {
        domain = commons.verbs().newDomain();
      }
      pairs.put(incoming, incoming.accept(domain));
    } catch (IOException e) {
      LOG.warn("{} cannot be served by RDMA: {}", peerId, e.getMessage());
    }
  }

  /** The peer has disconnected. */
  void ended(Verbs.Incoming incoming) {
    Verbs.QueuePair pair = pairs.remove(incoming);
    if (pair != null) {
      pair.close();
    }
  }

  /** Lets the peer read these bytes; empty if that is not possible now. */
  Optional<BulkLink.Grant> grant(BlockParts bytes) {
    int lengthBytes = bytes.lengthBytes();
    if (closed
        || pairs.isEmpty()
        || bytes.parts().size() > GrantCodec.MAX_PARTS
        || !commons.grantBudget().take(lengthBytes)) {
      return Optional.empty();
    }
    grants++;
    MappedGrant grant = new MappedGrant(lengthBytes);
    try {
      for (BlockParts.Part part : bytes.parts()) {
        grant.add(part);
      }
      return Optional.of(grant);
    } catch (EOFException e) {
      grant.end(); // The frames will say so.
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      grant.end();
      commons.grantFailed(e);
      return Optional.empty();
    }
  }

  /** The peer can read nothing any more when this returns. */
  void close() {
    closed = true;
    pairs.values().forEach(Verbs.QueuePair::close);
    pairs.clear();
    closeDomain();
  }

  private void closeDomain() {
    if (closed && grants == 0 && domain != null) {
      domain.close();
      domain = null;
    }
  }

  /** A piece that may be read. */
  private final class MappedGrant implements BulkLink.Grant {
    private final int lengthBytes;
    private final List<MappedByteBuffer> mappings = new ArrayList<>();
    private final List<Verbs.Region> regions = new ArrayList<>();
    private final List<GrantCodec.Part> parts = new ArrayList<>();

    MappedGrant(int lengthBytes) {
      this.lengthBytes = lengthBytes;
    }

    void add(BlockParts.Part part) throws IOException {
      MappedByteBuffer mapping = part.file().map(part.position(), part.lengthBytes());
      mappings.add(mapping);
      long address = PlatformDependent.directBufferAddress(mapping);
      Verbs.Region region = domain.register(address, part.lengthBytes(), true);
      regions.add(region);
      parts.add(new GrantCodec.Part(address, region.remoteKey(), part.lengthBytes()));
    }

    @Override
    public byte[] encoded() {
      return GrantCodec.encodeGrant(parts);
    }

    @Override
    public void end() {
      regions.forEach(Verbs.Region::close);
      mappings.forEach(PlatformDependent::freeDirectBuffer);
      commons.grantBudget().giveBack(lengthBytes);
      grants--;
      closeDomain();
    }
  }
}
