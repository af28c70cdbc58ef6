// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.statemachine.SnapshotInfo;

/**
 * Ratis' gRPC with a pause between two snapshots that are sent to one member. Without it a leader
 * tries hundreds of times a second, each time with a stack trace in the log, as long as a member is
 * down that needs a snapshot. Ratis finds it by its name, so it is public.
 */
public final class PatientGrpc implements RpcType {
  private static final long PAUSE_MS = 1_000;

  /** For Ratis. */
  public PatientGrpc() {}

  @Override
  public String name() {
    return PatientGrpc.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    return new GrpcFactory(parameters) {
      @Override
      public LogAppender newLogAppender(
          RaftServer.Division server, LeaderState state, FollowerInfo follower) {
        return new PatientAppender(server, state, follower);
      }
    };
  }

  /** Sends the log to one follower, on a thread of its own. */
  private static final class PatientAppender extends GrpcLogAppender {
    private long lastSnapshotNs = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(PAUSE_MS);

    PatientAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      super(server, state, follower);
    }

    @Override
    public SnapshotInfo shouldInstallSnapshot() {
      SnapshotInfo snapshot = super.shouldInstallSnapshot();
      if (snapshot != null) {
        long sinceMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastSnapshotNs);
        pause(PAUSE_MS - sinceMs);
        lastSnapshotNs = System.nanoTime();
      }
      return snapshot;
    }

    private static void pause(long ms) {
      try {
        TimeUnit.MILLISECONDS.sleep(ms);
      } catch (InterruptedException e) {
        // The appender is being stopped; its loop looks at the flag.
        Thread.currentThread().interrupt();
      }
    }
  }
}
