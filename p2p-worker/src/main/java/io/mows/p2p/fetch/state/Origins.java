// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.table.Moment;
import io.mows.p2p.swarm.origin.OriginFault;
import io.mows.p2p.swarm.origin.OriginGates;
import io.mows.p2p.swarm.origin.OriginGates.Ask;
import io.mows.p2p.swarm.origin.Outage;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The origins of all files that are fetched: when they may be asked, and who waits for them. For
 * the engine's thread.
 */
public final class Origins implements OriginGates.Listener {
  private final OriginGates gates;
  private final long patienceNs;
  private final FetchMetrics metrics;
  private final Moment moment;

  /**
   * @param patienceNs how long readers wait for an origin that is away or denies
   * @param seed decides the jitter of the pauses
   */
  public Origins(long patienceNs, int seed, FetchMetrics metrics, Moment moment) {
    this.gates = new OriginGates(patienceNs, seed, this);
    this.patienceNs = patienceNs;
    this.metrics = metrics;
    this.moment = moment;
  }

  public OriginGates gates() {
    return gates;
  }

  /** A fetch of {@code file} begins. */
  public void begin(FileSpec file) {
    gates.place(file.fileId(), file.origin().mountId());
  }

  /** It is over. */
  public void end(FileSpec file) {
    gates.forget(file.fileId());
  }

  /** Whether the origin may be asked something about {@code file} now. */
  public boolean mayAsk(FileSpec file) {
    return gates.mayAsk(file.fileId(), moment.nowNs());
  }

  /** It is asked; {@link #answered} ends that, whatever comes of it. */
  public Ask ask(FileSpec file) {
    return gates.begin(file.fileId(), moment.nowNs());
  }

  /**
   * @param failure null for a yes
   */
  public void answered(Ask ask, FileSpec file, Throwable failure) {
    Optional<OriginException> passing = OriginException.mayPass(failure);
    if (passing.isPresent()) {
      OriginException why = passing.get();
      gates.failed(ask, why.fault(), why.getMessage(), moment.nowNs());
      metrics.originRefused(file, why);
    } else if (failure == null || failure instanceof OriginException) {
      gates.answered(ask);
    } else {
      gates.dropped(ask);
    }
  }

  /**
   * A question about a manifest is over. That it was answered says nothing: it may have been
   * remembered; nor that it alone is denied.
   */
  public void answeredManifest(Ask ask, FileSpec file, Throwable failure) {
    boolean isKnown = outage(file, moment.nowNs()).isPresent();
    boolean counts =
        OriginException.mayPass(failure)
            .filter(why -> isKnown || why.fault() == OriginFault.AWAY)
            .isPresent();
    if (counts) {
      answered(ask, file, failure);
    } else {
      gates.dropped(ask);
    }
  }

  public long patienceNs() {
    return patienceNs;
  }

  /** What {@code file} waits for, if its origin is away or denies it. */
  public Optional<OriginWait> outage(FileSpec file, long nowNs) {
    return gates.outage(file.fileId(), nowNs).map(outage -> wait(file, outage));
  }

  /** What {@code file} waits for, if its origin was asked and has sent nothing for a while. */
  public Optional<OriginWait> silence(FileSpec file, long nowNs) {
    return gates.silence(file.fileId(), nowNs).map(silence -> wait(file, silence));
  }

  private static OriginWait wait(FileSpec file, Outage outage) {
    return new OriginWait(
        file, outage.fault(), outage.reason(), outage.forNs(), outage.isOverdue());
  }

  /** To be called several times a second, for {@link #silence}. */
  public void listen() {
    gates.listen(moment.nowNs());
  }

  /** What those are told who have waited long enough. */
  public static OriginException refusal(OriginWait wait) {
    return new OriginException(wait.fault(), wait.what(), wait.remedy(), /* cause= */ null);
  }

  @Override
  public void closed(long mountId, OriginFault fault, String reason) {
    metrics.originClosed(mountId, fault, reason);
  }

  @Override
  public void opened(long mountId, OriginFault fault, long sinceNs) {
    long forNs = moment.nowNs() - sinceNs;
    metrics.originOpened(mountId, fault, TimeUnit.NANOSECONDS.toMillis(forNs));
  }
}
