// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.output.Json;
import io.mows.alluxio.status.Readiness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the page and its JSON below {@code /mows/}. Read-only: it knows GET and HEAD. The browser
 * is told to load nothing from anywhere else and to run no script but the page's own.
 */
final class MowsServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(MowsServlet.class);

  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final int ZIP_BYTES = 2_048;
  private static final String JSON = "application/json";

  /** The files of the page, by the path that the browser asks for. */
  private static final Map<String, String> PAGE =
      Map.of(
          "/", "text/html;charset=utf-8",
          "/mows.css", "text/css;charset=utf-8",
          "/mows.js", "text/javascript;charset=utf-8",
          "/icon.svg", "image/svg+xml");

  private final transient WebAnswers answers;

  MowsServlet(WebAnswers answers) {
    this.answers = answers;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Content-Security-Policy", POLICY);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    String path = request.getPathInfo();
    if (path == null) {
      // Relative, as a proxy in front of the worker may have put it below another path.
      response.setHeader("Location", "mows/");
      response.setStatus(HttpServletResponse.SC_FOUND);
    } else if (PAGE.containsKey(path)) {
      response.setHeader("Cache-Control", "no-cache");
      send(request, response, PAGE.get(path), resource(path));
    } else {
      response.setHeader("Cache-Control", "no-store");
      answer(request, response, path);
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response, String path)
      throws IOException {
    JsonNode json;
    try {
      json = path.equals("/ready") ? ready(request, response) : json(path);
    } catch (RuntimeException e) {
      LOG.warn("{} cannot be answered", path, e);
      response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
      json = Json.newObject().put("failure", e.toString());
    }
    if (json == null) {
      response.setStatus(HttpServletResponse.SC_NOT_FOUND);
      json = Json.newObject().put("failure", "There is nothing at this path: see docs/api.md");
    }
    send(request, response, JSON, Json.bytes(json));
  }

  /** For probes: what counts for them is the status alone, the rest is for people. */
  private JsonNode ready(HttpServletRequest request, HttpServletResponse response) {
    ReadyQuestion question;
    try {
      question = ReadyQuestion.parse(request::getParameter);
    } catch (IllegalArgumentException e) {
      response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
      return Json.newObject().put("ready", false).put("reason", e.getMessage());
    }
    try {
      Readiness readiness = answers.ready(question);
      if (!readiness.isReady()) {
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      }
      return readiness.json();
    } catch (IOException e) {
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return Json.newObject()
          .put("ready", false)
          .put("path", question.path())
          .put("percent", 0)
          .put("reason", String.valueOf(e.getMessage()));
    }
  }

  /** Null if there is nothing at this path. */
  private JsonNode json(String path) {
    switch (path) {
      case "/api/v1/status":
        return answers.status();
      case "/api/v1/cluster":
        return answers.cluster();
      case "/api/v1/loads":
        return answers.loads();
      default:
        return null;
    }
  }

  private static byte[] resource(String path) throws IOException {
    String name = path.equals("/") ? "index.html" : path.substring(1);
    try (InputStream in = MowsServlet.class.getResourceAsStream("page/" + name)) {
      if (in == null) {
        throw new IOException("page/" + name + " is missing in the jar");
      }
      return in.readAllBytes();
    }
  }

  private static void send(
      HttpServletRequest request, HttpServletResponse response, String type, byte[] body)
      throws IOException {
    response.setContentType(type);
    byte[] sent = body;
    String accepted = request.getHeader("Accept-Encoding");
    response.setHeader("Vary", "Accept-Encoding");
    if (body.length >= ZIP_BYTES && accepted != null && accepted.contains("gzip")) {
      response.setHeader("Content-Encoding", "gzip");
      ByteArrayOutputStream zipped = new ByteArrayOutputStream();
      try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
        zip.write(body);
      }
      sent = zipped.toByteArray();
    }
    response.setContentLength(sent.length);
    response.getOutputStream().write(sent);
  }
}
