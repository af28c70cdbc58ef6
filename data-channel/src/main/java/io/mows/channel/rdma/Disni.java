// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.impl.NatObject;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verbs by DiSNI, at the level of its {@code verbs} package. (Its endpoints wait for ever for a
 * peer that refuses or does not answer.) The only class that knows DiSNI; {@link DisniLoader} makes
 * instances, because DiSNI itself finds its native library on the library path only.
 *
 * <p>What DiSNI requires and does not say: its event channels are not thread-safe, so each side
 * that dials has one of its own; the listening one is used by one thread. IPv4 only.
 */
public final class Disni implements Verbs {
  private static final Logger LOG = LoggerFactory.getLogger(Disni.class);
  private static final int BACKLOG = 128;

  /** Room for all credits of 256 lanes (ReadQueuePair.DEPTH), should all of them fail at once. */
  private static final int MAX_COMPLETIONS = 16_384;

  private static final int POLL_COMPLETIONS = 32;
  private static final byte RETRIES = 7;

  private final RdmaEventChannel events;
  private final RdmaCmId listener;
  private final InetSocketAddress address;
  private final IbvContext context;
  private final IbvCompChannel completionChannel;
  private final IbvCQ completions;
  private final IbvWC[] polled = new IbvWC[POLL_COMPLETIONS];
  private final SVCPollCq poll;
  private final Map<Long, DisniIncoming> incoming = new ConcurrentHashMap<>();

  /**
   * Listens on a port that is free.
   *
   * @param device an address of the device
   * @throws IOException if no RDMA device has this address
   */
  public Disni(InetAddress device) throws IOException {
    events = RdmaEventChannel.createEventChannel();
    listener = newId(events);
    try {
      listener.bindAddr(new InetSocketAddress(device, 0));
      listener.listen(BACKLOG);
      address = new InetSocketAddress(device, port(handle(listener)));
      context = listener.getVerbs();
      completionChannel = context.createCompChannel();
      completions = context.createCQ(completionChannel, MAX_COMPLETIONS, 0);
    } catch (IOException e) {
      quietly("listener", listener::destroyId);
      quietly("event channel", events::destroyEventChannel);
      throw e;
    }
    for (int i = 0; i < polled.length; i++) {
      polled[i] = new IbvWC();
    }
    poll = completions.poll(polled, polled.length);
  }

  /** Loads the native library: throws what the JVM throws if that is not possible. */
  public static void probe() throws IOException {
    RdmaCm.open();
  }

  private static native byte[] privateData(long id) throws IOException;

  private static native int port(long id) throws IOException;

  private static long handle(RdmaCmId id) {
    return ((NatObject) id).getObjId();
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public Event nextEvent(int timeoutMs) throws IOException {
    RdmaCmEvent event = events.getCmEvent(timeoutMs);
    if (event == null || event.getConnIdPriv() == null) {
      return null;
    }
    RdmaCmId id = event.getConnIdPriv();
    EventType type = EventType.values()[event.getEvent()];
    if (type == EventType.RDMA_CM_EVENT_CONNECT_REQUEST) {
      DisniIncoming peer = new DisniIncoming(id);
      incoming.put(handle(id), peer);
      byte[] token = privateData(handle(id));
      return Event.requested(peer, token == null ? new byte[0] : token);
    }
    boolean goesOn =
        type == EventType.RDMA_CM_EVENT_ESTABLISHED
            || type == EventType.RDMA_CM_EVENT_TIMEWAIT_EXIT;
    DisniIncoming peer = incoming.get(handle(id));
    return goesOn || peer == null ? null : Event.ended(peer);
  }

  @Override
  public void awaitCompletions(int timeoutMs, CompletionHandler handler) throws IOException {
    if (drain(handler)) {
      return;
    }
    completions.reqNotification(false).execute().free();
    // What came before the request for a notification brings none.
    if (!drain(handler) && completionChannel.getCqEvent(completions, timeoutMs)) {
      completions.ackEvents(1);
      drain(handler);
    }
  }

  private boolean drain(CompletionHandler handler) throws IOException {
    int count = poll.execute().getPolls();
    for (int i = 0; i < count; i++) {
      int status = polled[i].getStatus();
      handler.completed(
          polled[i].getWr_id(),
          status == 0 ? null : String.valueOf(IbvWC.IbvWcStatus.valueOf(status)));
    }
    return count > 0;
  }

  @Override
  public Domain newDomain() throws IOException {
    return new DisniDomain(context.allocPd());
  }

  @Override
  public QueuePair dial(
      InetSocketAddress peer, byte[] token, Domain local, int depth, int timeoutMs)
      throws IOException {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    RdmaEventChannel channel = RdmaEventChannel.createEventChannel();
    RdmaCmId id = newId(channel);
    DisniQueuePair pair = new DisniQueuePair(id, channel);
    try {
      id.bindAddr(new InetSocketAddress(address.getAddress(), 0));
      id.resolveAddr(null, peer, timeoutMs);
      await(channel, EventType.RDMA_CM_EVENT_ADDR_RESOLVED, deadlineNs);
      id.resolveRoute(timeoutMs);
      await(channel, EventType.RDMA_CM_EVENT_ROUTE_RESOLVED, deadlineNs);
      pair.create(((DisniDomain) local).pd, completions, depth);
      connect(id, token);
      await(channel, EventType.RDMA_CM_EVENT_ESTABLISHED, deadlineNs);
      return pair;
    } catch (IOException e) {
      pair.close();
      throw e;
    }
  }

  /** Of an event channel that is given up if there is none. */
  private static RdmaCmId newId(RdmaEventChannel channel) throws IOException {
    try {
      return channel.createId(RdmaCm.RDMA_PS_TCP);
    } catch (IOException e) {
      quietly("event channel", channel::destroyEventChannel);
      throw e;
    }
  }

  private static void connect(RdmaCmId id, byte[] token) throws IOException {
    ByteBuffer data = ByteBuffer.allocateDirect(token.length).put(token);
    try {
      RdmaConnParam param = newParam();
      param.setPrivate_data(PlatformDependent.directBufferAddress(data));
      param.setPrivate_data_len((byte) token.length);
      id.connect(param);
    } finally {
      Reference.reachabilityFence(data);
    }
  }

  private static RdmaConnParam newParam() throws IOException {
    RdmaConnParam param = new RdmaConnParam();
    param.setRetry_count(RETRIES);
    param.setRnr_retry_count(RETRIES);
    return param;
  }

  private static void await(RdmaEventChannel channel, EventType wanted, long deadlineNs)
      throws IOException {
    long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
    RdmaCmEvent event = leftMs <= 0 ? null : channel.getCmEvent((int) leftMs);
    if (event == null) {
      throw new IOException("it does not answer");
    }
    EventType type = EventType.values()[event.getEvent()];
    if (type != wanted) {
      throw new IOException(type + " instead of " + wanted);
    }
  }

  @Override
  public void close() {
    poll.free();
    quietly("completion queue", completions::destroyCQ);
    quietly("completion channel", completionChannel::destroyCompChannel);
    quietly("listener", listener::destroyId);
    quietly("event channel", events::destroyEventChannel);
  }

  /** There is nothing that could be done about a failure at the end. */
  private static void quietly(String what, Destroyer destroyer) {
    try {
      int result = destroyer.destroy();
      if (result != 0) {
        LOG.warn("The RDMA {} could not be destroyed: {}", what, result);
      }
    } catch (Exception e) {
      LOG.warn("The RDMA {} could not be destroyed: {}", what, e.toString());
    }
  }

  private interface Destroyer {
    // As DiSNI declares it.
    int destroy() throws Exception;
  }

  private final class DisniIncoming implements Incoming {
    private final RdmaCmId id;

    DisniIncoming(RdmaCmId id) {
      this.id = id;
    }

    @Override
    public QueuePair accept(Domain domain) throws IOException {
      DisniQueuePair pair = new DisniQueuePair(id, null);
      try {
        pair.create(((DisniDomain) domain).pd, completions, 1);
        id.accept(newParam());
        return pair;
      } catch (IOException e) {
        pair.close();
        throw e;
      }
    }

    @Override
    public void reject() {
      incoming.remove(handle(id), this);
      quietly("request", id::destroyId);
    }
  }

  private final class DisniQueuePair implements QueuePair {
    private final RdmaCmId id;
    private final RdmaEventChannel channel;
    private IbvQP qp;

    /**
     * @param channel to be closed with it; null if it is the listening one
     */
    DisniQueuePair(RdmaCmId id, RdmaEventChannel channel) {
      this.id = id;
      this.channel = channel;
    }

    void create(IbvPd pd, IbvCQ cq, int depth) throws IOException {
      IbvQPInitAttr attr = new IbvQPInitAttr();
      attr.cap().setMax_send_wr(depth);
      attr.cap().setMax_recv_wr(1);
      attr.setQp_type(IbvQP.IBV_QPT_RC);
      attr.setSend_cq(cq);
      attr.setRecv_cq(cq);
      qp = id.createQP(pd, attr);
    }

    @Override
    public void post(List<Read> reads) throws IOException {
      List<IbvSendWR> requests = new ArrayList<>(reads.size());
      reads.forEach(read -> requests.add(request(read)));
      qp.postSend(requests, null).execute().free();
    }

    private IbvSendWR request(Read read) {
      IbvSge sge = new IbvSge();
      sge.setAddr(read.localAddress());
      sge.setLength(read.lengthBytes());
      sge.setLkey(read.localKey());
      IbvSendWR request = new IbvSendWR();
      request.setWr_id(read.id());
      request.getSg_list().add(sge);
      request.setNum_sge(1);
      request.setOpcode(IbvSendWR.IBV_WR_RDMA_READ);
      request.setSend_flags(read.isSignalled() ? IbvSendWR.IBV_SEND_SIGNALED : 0);
      request.getRdma().setRemote_addr(read.remoteAddress());
      request.getRdma().setRkey(read.remoteKey());
      return request;
    }

    @Override
    public void close() {
      if (qp != null) {
        try {
          id.disconnect(); // Fails if the other side was first.
        } catch (IOException e) {
          LOG.debug("Disconnecting failed", e);
        }
        quietly("queue pair", id::destroyQP);
      }
      incoming.computeIfPresent(handle(id), (handle, peer) -> peer.id == id ? null : peer);
      quietly("connection", id::destroyId);
      if (channel != null) {
        quietly("event channel", channel::destroyEventChannel);
      }
    }
  }

  private static final class DisniDomain implements Domain {
    private final IbvPd pd;

    DisniDomain(IbvPd pd) {
      this.pd = pd;
    }

    @Override
    public Region register(long address, int lengthBytes, boolean remote) throws IOException {
      int access = remote ? IbvMr.IBV_ACCESS_REMOTE_READ : IbvMr.IBV_ACCESS_LOCAL_WRITE;
      return new DisniRegion(pd.regMr(address, lengthBytes, access).execute().free().getMr());
    }

    @Override
    public void close() {
      quietly("protection domain", pd::deallocPd);
    }
  }

  private static final class DisniRegion implements Region {
    private final IbvMr mr;

    DisniRegion(IbvMr mr) {
      this.mr = mr;
    }

    @Override
    public int localKey() {
      return mr.getLkey();
    }

    @Override
    public int remoteKey() {
      return mr.getRkey();
    }

    @Override
    public void close() {
      quietly(
          "memory region",
          () -> {
            mr.deregMr().execute().free();
            return 0;
          });
    }
  }
}
