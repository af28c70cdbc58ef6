// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Reads web pages of the cluster's processes. */
final class Web {
  private static final int TIMEOUT_MS = 10_000;

  private Web() {}

  static String get(URI uri) throws IOException {
    HttpURLConnection connection = open(uri);
    try (InputStream body = connection.getInputStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      connection.disconnect();
    }
  }

  /** Whether the page can be read now. */
  static boolean answers(URI uri) {
    try {
      get(uri);
      return true;
    } catch (IOException e) {
      // Not up yet, or no longer: that is the answer.
      return false;
    }
  }

  private static HttpURLConnection open(URI uri) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    return connection;
  }
}
