// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** How Ratis is set up for the locator: small entries, little memory, few threads. */
final class MemberProperties {
  private static final SizeInBytes MESSAGE_MAX = SizeInBytes.valueOf("16MB");
  private static final SizeInBytes APPENDER_BUFFER = SizeInBytes.valueOf("4MB");
  private static final SizeInBytes SNAPSHOT_CHUNK = SizeInBytes.valueOf("1MB");
  private static final SizeInBytes SEGMENT_CACHE = SizeInBytes.valueOf("32MB");
  private static final SizeInBytes PENDING = SizeInBytes.valueOf("32MB");
  private static final int PENDING_ENTRIES = 4096;
  private static final int REQUEST_THREADS = 8;
  private static final int SNAPSHOTS_KEPT = 2;
  private static final TimeDuration NEVER =
      TimeDuration.valueOf(Long.MAX_VALUE, TimeUnit.MILLISECONDS);

  private MemberProperties() {}

  static Parameters parameters(RaftLocatorSettings settings) {
    return settings
        .tls()
        .map(tls -> GrpcFactory.newRaftParameters(tls.config()))
        .orElseGet(Parameters::new);
  }

  static RaftProperties server(RaftLocatorSettings settings, File dir) throws IOException {
    RaftProperties properties = new RaftProperties();
    RaftConfigKeys.Rpc.setType(properties, new PatientGrpc());
    RaftServerConfigKeys.setStorageDir(properties, List.of(dir));
    network(properties);
    times(properties, settings.timing(), settings.members().size());
    log(properties, settings.timing().segmentBytes());
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(
        properties, settings.timing().snapshotEntries());
    RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, SNAPSHOTS_KEPT);
    RaftServerConfigKeys.ThreadPool.setClientSize(properties, REQUEST_THREADS);
    GrpcConfigKeys.Server.setAsyncRequestThreadPoolCached(properties, true);
    GrpcConfigKeys.Server.setAsyncRequestThreadPoolSize(properties, REQUEST_THREADS);
    return properties;
  }

  private static void network(RaftProperties properties) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    // The members' and workers' way here is the FrontDoor, which asks for the port that it got.
    GrpcConfigKeys.Server.setHost(properties, loopback.getHostAddress());
    GrpcConfigKeys.Server.setPort(properties, 0);
    GrpcConfigKeys.setMessageSizeMax(properties, MESSAGE_MAX);
    // Whoever reaches Ratis' admin service may remove the group and its data. Nobody here needs
    // it, so it gets a port of its own that cannot be reached from other machines.
    GrpcConfigKeys.Admin.setHost(properties, loopback.getHostAddress());
    try (ServerSocket free = new ServerSocket(0, 1, loopback)) {
      GrpcConfigKeys.Admin.setPort(properties, free.getLocalPort());
    }
  }

  private static void times(
      RaftProperties properties, RaftLocatorSettings.Timing timing, int members) {
    // Alone there is nobody to wait for.
    long electionMs = members == 1 ? Math.min(200, timing.electionMs()) : timing.electionMs();
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, millis(electionMs));
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, millis(2 * electionMs));
    RaftServerConfigKeys.Rpc.setRequestTimeout(properties, millis(timing.attemptMs()));
    // The default closes the member for good after a pause of the JVM.
    RaftServerConfigKeys.Rpc.setSlownessTimeout(properties, NEVER);
    // What is sent twice is recognised by its number; the default keeps a minute of replies.
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, millis(2 * timing.deadlineMs()));
  }

  private static void log(RaftProperties properties, int segmentBytes) {
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(segmentBytes));
    RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf(segmentBytes / 8));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SEGMENT_CACHE);
    RaftServerConfigKeys.Log.setQueueByteLimit(properties, PENDING);
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, APPENDER_BUFFER);
    RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, SNAPSHOT_CHUNK);
    RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, true);
    RaftServerConfigKeys.Write.setElementLimit(properties, PENDING_ENTRIES);
    RaftServerConfigKeys.Write.setByteLimit(properties, PENDING);
  }

  static TimeDuration millis(long ms) {
    return TimeDuration.valueOf(ms, TimeUnit.MILLISECONDS);
  }
}
