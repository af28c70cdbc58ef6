// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands before the port of a worker and, when it hangs, passes nothing on: connections stand and
 * are made, bytes are taken until the buffers of the kernel are full, nothing comes back. As with a
 * stopped process.
 */
final class HangingHost implements AutoCloseable {
  private final ServerSocket server;
  private final int targetPort;
  private final List<Socket> sockets = new ArrayList<>();
  private long bytesLeft = Long.MAX_VALUE;
  private boolean hangs;
  private boolean closed;

  HangingHost(int targetPort) throws IOException {
    this.targetPort = targetPort;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Hangs when the worker has sent so many more bytes. */
  synchronized void hangAfter(long bytes) {
    bytesLeft = bytes;
  }

  synchronized boolean hangs() {
    return hangs;
  }

  synchronized void resume() {
    hangs = false;
    bytesLeft = Long.MAX_VALUE;
    notifyAll();
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "hanging-host");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket dialler = server.accept();
        Socket worker = new Socket(InetAddress.getLoopbackAddress(), targetPort);
        dialler.setTcpNoDelay(true);
        worker.setTcpNoDelay(true);
        synchronized (this) {
          sockets.add(dialler);
          sockets.add(worker);
        }
        start(() -> pass(dialler, worker, false));
        start(() -> pass(worker, dialler, true));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pass(Socket from, Socket to, boolean counts) {
    byte[] buffer = new byte[1_024];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        awaitLeave(counts ? count : 0);
        out.write(buffer, 0, count);
      }
    } catch (IOException e) {
      // One end is gone, so the other one is.
    }
  }

  private synchronized void awaitLeave(int bytes) throws IOException {
    bytesLeft -= bytes;
    hangs |= bytesLeft < 0;
    while (hangs && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    List<Socket> left;
    synchronized (this) {
      closed = true;
      notifyAll();
      left = List.copyOf(sockets);
    }
    server.close();
    for (Socket socket : left) {
      socket.close();
    }
  }
}
