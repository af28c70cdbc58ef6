// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import alluxio.ClientContext;
import alluxio.client.block.BlockMasterClient;
import alluxio.client.block.RetryHandlingBlockMasterClient;
import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.grpc.ServiceType;
import alluxio.master.MasterClientContext;
import alluxio.master.MasterInquireClient;
import alluxio.master.PollingMasterInquireClient;
import alluxio.retry.CountingRetry;
import alluxio.retry.RetryPolicy;
import alluxio.util.ConfigurationUtils;
import alluxio.wire.WorkerInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A worker's connection to the leading master that gives up soon: Alluxio's own would wait two
 * minutes for a master that is gone, and with it the locator's thread and the end of the worker.
 * Connects when it is first asked, and anew after a failure. Thread-safe, one question at a time.
 */
public final class MasterConnection implements LiveWorkers, AutoCloseable {
  private final AlluxioConfiguration conf;
  private BlockMasterClient client;
  private boolean isClosed;

  public MasterConnection(AlluxioConfiguration conf) {
    this.conf = conf;
  }

  /** Two attempts: the first one finds out that an idle connection has been lost. */
  private static RetryPolicy twice() {
    return new CountingRetry(1);
  }

  @Override
  public synchronized List<WorkerInfo> list() throws IOException {
    if (isClosed) {
      throw new IOException("The connection to the master is closed");
    }
    try {
      if (client == null) {
        client = connect();
      }
      return LiveWorkers.ask(client);
    } catch (IOException | RuntimeException e) {
      // The next question looks for the leading master again.
      disconnect();
      throw e;
    }
  }

  private BlockMasterClient connect() throws IOException {
    ClientContext context = ClientContext.create(conf);
    MasterInquireClient masters = masters(context);
    return new RetryHandlingBlockMasterClient(
        MasterClientContext.newBuilder(context).setMasterInquireClient(masters).build(),
        masters.getPrimaryRpcAddress(),
        MasterConnection::twice);
  }

  private MasterInquireClient masters(ClientContext context) {
    List<InetSocketAddress> addresses = ConfigurationUtils.getMasterRpcAddresses(conf);
    if (conf.getBoolean(PropertyKey.ZOOKEEPER_ENABLED) || addresses.size() == 1) {
      return MasterInquireClient.Factory.create(conf, context.getUserState());
    }
    return new PollingMasterInquireClient(
        addresses,
        MasterConnection::twice,
        conf,
        context.getUserState(),
        ServiceType.META_MASTER_CLIENT_SERVICE);
  }

  private void disconnect() throws IOException {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    isClosed = true;
    disconnect();
  }
}
