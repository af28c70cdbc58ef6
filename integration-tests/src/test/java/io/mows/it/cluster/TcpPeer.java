// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * One end of a TCP throughput measurement, in a process of its own (and so in any namespace): sends
 * until the other side closes, or receives and prints the rate in bits per second.
 */
final class TcpPeer {
  private static final int BUFFER_BYTES = 64 << 10;

  private TcpPeer() {}

  /** Arguments: address and port to listen on, {@code send} or {@code receive}, length. */
  public static void main(String[] args) throws IOException {
    try (ServerSocket server =
            new ServerSocket(Integer.parseInt(args[1]), 1, InetAddress.getByName(args[0]));
        Socket socket = server.accept()) {
      if (args[2].equals("send")) {
        send(socket);
      } else {
        System.out.println(receive(socket, Long.parseLong(args[3])));
      }
    }
  }

  /** Writes until the other side closes. */
  static void send(Socket socket) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      OutputStream out = socket.getOutputStream();
      while (true) {
        out.write(buffer);
      }
    } catch (IOException e) {
      // The measurement is over.
    }
  }

  /** The rate, in bits per second, at which the first bytes of a connection arrive. */
  static long receive(Socket socket, long lengthBytes) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[BUFFER_BYTES];
    long startNs = System.nanoTime();
    for (long left = lengthBytes; left > 0; ) {
      int count = in.read(buffer);
      if (count < 0) {
        throw new IOException("the sender closed " + left + " bytes early");
      }
      left -= count;
    }
    return lengthBytes * 8_000_000 / ((System.nanoTime() - startNs) / 1_000);
  }
}
