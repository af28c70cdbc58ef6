// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Which files' origins may be asked now: a gate for each mount point, and one for each file,
 * because an origin may deny one file and give all others. While an origin is away or denies, the
 * whole worker asks it one question at a time, four a second at most; what waits keeps its place.
 *
 * <p>Pure: no clock; for one thread.
 */
public final class OriginGates {
  /** How long readers wait for an origin that is away or denies, if nothing else is said. */
  public static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(2);

  private final Map<Long, OriginGate> mounts = new HashMap<>();
  private final Map<Long, FileGate> files = new HashMap<>();

  /** What {@link #file} found last: most questions are about the same file as the one before. */
  private FileGate lastFile;

  private long lastFileId;
  private final long patienceNs;
  private final int seed;
  private final Listener listener;
  private long nextNumber = 1;

  /** Told when an origin stops to answer, and when it answers again. */
  public interface Listener {
    /** Nobody is told. */
    Listener NONE =
        new Listener() {
          @Override
          public void closed(long mountId, OriginFault fault, String reason) {}

          @Override
          public void opened(long mountId, OriginFault fault, long sinceNs) {}
        };

    void closed(long mountId, OriginFault fault, String reason);

    /**
     * @param fault what it was until now
     * @param sinceNs when that began
     */
    void opened(long mountId, OriginFault fault, long sinceNs);
  }

  /**
   * @param patienceNs how long those who wait are left waiting
   * @param seed decides the jitter, so that the workers of a cluster do not ask together
   */
  public OriginGates(long patienceNs, int seed, Listener listener) {
    this.patienceNs = patienceNs;
    this.seed = seed;
    this.listener = listener;
  }

  /** Gates of which nobody is told anything. */
  public static OriginGates ofSeed(int seed) {
    return new OriginGates(PATIENCE_NS, seed, Listener.NONE);
  }

  /** Says behind which mount point a file is; without this call, one that is shared by such. */
  public void place(long fileId, long mountId) {
    lastFile = null;
    files.put(fileId, new FileGate(mountId, new OriginGate(seed ^ Long.hashCode(fileId))));
  }

  /** Nothing is asked about the file any more. */
  public void forget(long fileId) {
    lastFile = null;
    files.remove(fileId);
  }

  /** Whether something of the file may be asked of its origin now. */
  public boolean mayAsk(long fileId, long nowNs) {
    FileGate file = file(fileId);
    OriginGate mount = mount(file.mountId);
    return file.gate.mayAsk(nowNs)
        && (file.gate.isFailing() ? mount.mayAsk(nowNs) : mount.mayAskFirst(nowNs));
  }

  /**
   * A question is asked. End it with {@link #answered}, {@link #failed} or {@link #dropped},
   * whatever becomes of it.
   */
  public Ask begin(long fileId, long nowNs) {
    FileGate file = file(fileId);
    Ask ask = new Ask(nextNumber++, file);
    mount(file.mountId).begun(ask.number, nowNs);
    file.gate.begun(ask.number, nowNs);
    return ask;
  }

  /** The question is over without an answer that says anything of the origin. */
  public void dropped(Ask ask) {
    mount(ask.file.mountId).dropped(ask.number);
    ask.file.gate.dropped(ask.number);
  }

  /** The origin has given what it was asked for. */
  public void answered(Ask ask) {
    OriginGate mount = mount(ask.file.mountId);
    boolean wasClosed = mount.isClosed();
    OriginFault fault = mount.fault();
    ask.file.gate.answered(ask.number);
    mount.answered(ask.number);
    if (wasClosed && !mount.isClosed()) {
      listener.opened(ask.file.mountId, fault, mount.sinceNs());
    }
  }

  /**
   * The origin has not given it.
   *
   * @param fault one that may pass
   * @param reason for the operator
   */
  public void failed(Ask ask, OriginFault fault, String reason, long nowNs) {
    OriginGate mount = mount(ask.file.mountId);
    boolean wasClosed = mount.isClosed();
    ask.file.gate.failed(ask.number, fault, reason, nextNumber, nowNs);
    mount.failed(ask.number, fault, reason, nextNumber, nowNs);
    if (!wasClosed && mount.isClosed()) {
      listener.closed(ask.file.mountId, fault, reason);
    }
  }

  /** Whether the file waits for its origin; empty if that is well. */
  public Optional<Outage> outage(long fileId, long nowNs) {
    FileGate file = files.get(fileId);
    if (file == null) {
      return Optional.empty();
    }
    OriginGate mount = mount(file.mountId);
    boolean isClosed = file.gate.isClosed() || mount.isClosed();
    if (!isClosed) {
      return Optional.empty();
    }
    boolean own = file.gate.isFailing();
    OriginGate says = own ? file.gate : mount;
    long sinceNs = says.sinceNs();
    if (mount.isClosed() && mount.sinceNs() - sinceNs < 0) {
      sinceNs = mount.sinceNs();
    }
    long forNs = nowNs - sinceNs;
    return Optional.of(new Outage(says.fault(), says.reason(), forNs, own && forNs >= patienceNs));
  }

  /** Bytes have come from what is behind this mount point. */
  public void heard(long mountId) {
    mount(mountId).silence().heard();
  }

  /** To be called several times a second, for {@link #silence}. */
  public void listen(long nowNs) {
    mounts.values().forEach(mount -> mount.silence().listen(nowNs));
  }

  /** Whether something about the file has been asked and is not answered yet. */
  public boolean isAsked(long fileId) {
    FileGate file = files.get(fileId);
    return file != null && file.gate.silence().open() > 0;
  }

  /**
   * Whether the origin of the file has sent nothing at all for longer than is usual, about this
   * file or others, although it was asked. It may yet answer: nothing follows from it but that it
   * is said.
   */
  public Optional<Outage> silence(long fileId, long nowNs) {
    FileGate file = files.get(fileId);
    if (file == null) {
      return Optional.empty();
    }
    OriginSilence silence = mount(file.mountId).silence();
    OptionalLong lengthNs = silence.lengthNs(nowNs);
    int open = silence.open();
    String reason = (open == 1 ? "1 request waits" : open + " requests wait") + " for its answer";
    return lengthNs.isEmpty()
        ? Optional.empty()
        : Optional.of(new Outage(OriginFault.SILENT, reason, lengthNs.getAsLong(), false));
  }

  private FileGate file(long fileId) {
    if (lastFile == null || lastFileId != fileId) {
      lastFileId = fileId;
      lastFile = files.get(fileId);
      if (lastFile == null) {
        lastFile = new FileGate(0, new OriginGate(seed ^ Long.hashCode(fileId)));
        files.put(fileId, lastFile);
      }
    }
    return lastFile;
  }

  private OriginGate mount(long mountId) {
    OriginGate mount = mounts.get(mountId);
    return mount != null
        ? mount
        : mounts.computeIfAbsent(mountId, id -> new OriginGate(seed ^ Long.hashCode(~id)));
  }

  /** A file's own gate, and where the file is. Immutable but for the gate. */
  private static final class FileGate {
    private final long mountId;
    private final OriginGate gate;

    FileGate(long mountId, OriginGate gate) {
      this.mountId = mountId;
      this.gate = gate;
    }
  }

  /** One question to an origin. Immutable. */
  public static final class Ask {
    private final long number;
    private final FileGate file;

    private Ask(long number, FileGate file) {
      this.number = number;
      this.file = file;
    }
  }
}
