// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.channel.ChannelCount;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LaneLoads;
import io.mows.p2p.fetch.core.FetchInput;
import io.mows.p2p.fetch.core.LoadLanes;
import io.mows.p2p.fetch.read.ReaderGate;
import java.util.concurrent.CompletableFuture;

/**
 * Brings blocks into the cache behind what readers wait for, in lanes ({@link LoadLanes}).
 * Thread-safe.
 */
public final class EngineLanes implements LaneLoads, AutoCloseable {
  private final FetchEngine engine;

  /**
   * @param windowBytes what a lane may have asked for and not yet got, at most
   */
  public EngineLanes(FetchEngine engine, long windowBytes) {
    this.engine = engine;
    engine.post(in -> in.laneWindow(windowBytes));
  }

  @Override
  public void configure(String lane, long bytesPerSecond, Manners manners) {
    engine.post(in -> in.laneConfigured(lane, bytesPerSecond, manners));
  }

  @Override
  public CompletableFuture<Void> load(String lane, FileSpec file, int block, boolean assigned) {
    return engine.beginLoad(load -> in -> in.laneLoad(lane, load, file, block, assigned));
  }

  @Override
  public void end(String lane) {
    engine.post(in -> in.laneEnded(lane));
  }

  @Override
  public void endWaiting(String lane) {
    engine.post(in -> in.laneWaitingEnded(lane));
  }

  @Override
  public long partialBytes(String lane) {
    return engine.loads().lanePartial(lane);
  }

  /** What others want is as it was at the last call: only the engine's thread knows it. */
  @Override
  public Activity activity() {
    engine.post(FetchInput::activityAsked);
    long sent = engine.channelStats().map(stats -> stats.count(ChannelCount.BYTES_SENT)).orElse(0L);
    ReaderGate readers = engine.readContext().gate();
    return new Activity(readers.hadReaders(), readers.lastNs(), engine.loads().othersFetch(), sent);
  }

  @Override
  public void close() {
    engine.post(FetchInput::lanesEnded);
  }
}
