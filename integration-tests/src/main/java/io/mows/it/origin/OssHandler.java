// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.AbstractHandler;

/**
 * Answers OSS requests: signature, then injected faults, then GetObject, HeadObject, ListObjects
 * and GetBucketInfo. Everything that would write is refused, as for a key that may only read.
 */
final class OssHandler extends AbstractHandler {
  private static final String REQUEST_ID = "x-oss-request-id";

  /** Sub-resources that do not change what a GET or HEAD of an object means here. */
  private static final Set<String> HARMLESS = Set.of("objectMeta", "x-oss-traffic-limit");

  private final Map<String, BucketDirectory> buckets;
  private final OssAuthenticator authenticator;
  private final FaultInjector faults;
  private final Shaper shaper;
  private final BodySender sender;
  private final OriginCounters counters;
  private final AtomicLong requestIds = new AtomicLong();

  OssHandler(
      Map<String, BucketDirectory> buckets,
      OssAuthenticator authenticator,
      FaultInjector faults,
      Shaper shaper,
      BodySender sender,
      OriginCounters counters) {
    this.buckets = buckets;
    this.authenticator = authenticator;
    this.faults = faults;
    this.shaper = shaper;
    this.sender = sender;
    this.counters = counters;
  }

  @Override
  public void handle(
      String target, Request base, HttpServletRequest servletRequest, HttpServletResponse response)
      throws IOException {
    base.setHandled(true);
    response.setHeader("Server", "AliyunOSS");
    response.setHeader(REQUEST_ID, String.format("%024X", requestIds.incrementAndGet()));
    try {
      OssRequest request =
          new OssRequest(servletRequest, base.getHttpURI().getPath(), base.getHttpURI().getQuery());
      OssAddress address = authenticator.authenticate(request, buckets.keySet());
      RequestKind kind = kindOf(request, address);
      String faultKey = kind == RequestKind.LIST ? request.parameter("prefix", "") : address.key();
      counters.countRequest(kind, address.key());
      Optional<FaultInjector.Strike> strike = faults.next(kind, faultKey, asked(request));
      if (strike.isPresent()) {
        counters.countFault();
        faults.awaitRelease(strike.get());
      }
      shaper.awaitFirstByte(strike.map(s -> s.fault().delayMs()).orElse(0L));
      if (strike.isPresent() && strike.get().is(Fault.Action.ERROR)) {
        throw OssException.injected(strike.get().fault().status());
      }
      answer(new Exchange(base, response, request, address, kind, strike));
    } catch (OssException e) {
      sendError(base, response, e);
    } catch (IOException e) {
      // The client went away, the origin stops, or the file shrank: nothing left to say to it.
      base.getHttpChannel().abort(e);
    }
  }

  private static ByteRange asked(OssRequest request) throws OssException {
    return ByteRange.of(request.header("Range"), false, Long.MAX_VALUE);
  }

  private static RequestKind kindOf(OssRequest request, OssAddress address) {
    boolean onBucket = address.key().isEmpty();
    if (request.method().equals("GET")) {
      boolean subResource =
          request.parameters().keySet().stream()
              .anyMatch(
                  name ->
                      OssSignature.SUB_RESOURCES.contains(name)
                          && !name.equals("continuation-token"));
      return !onBucket ? RequestKind.GET : subResource ? RequestKind.OTHER : RequestKind.LIST;
    }
    return request.method().equals("HEAD") && !onBucket ? RequestKind.HEAD : RequestKind.OTHER;
  }

  private void answer(Exchange exchange) throws IOException, OssException {
    BucketDirectory bucket = buckets.get(exchange.address.bucket());
    if (bucket == null) {
      throw OssException.noSuchBucket(exchange.address.bucket());
    }
    switch (exchange.kind) {
      case GET:
      case HEAD:
        answerObject(exchange, bucket);
        break;
      case LIST:
        ListRequest list = new ListRequest(exchange.request);
        Listing page = bucket.list(list.prefix(), list.delimiter(), list.after(), list.maxKeys());
        sendXml(exchange, OssXml.listing(list, bucket.name(), page));
        break;
      case OTHER:
        answerOther(exchange, bucket);
        break;
      default:
        throw new IllegalStateException("unknown request kind " + exchange.kind);
    }
  }

  private void answerOther(Exchange exchange, BucketDirectory bucket)
      throws IOException, OssException {
    if (!exchange.request.method().equals("GET")) {
      throw OssException.accessDenied("The bucket you access is read-only.");
    }
    if (!exchange.request.parameters().containsKey("bucketInfo")) {
      throw OssException.notImplemented(String.join(", ", exchange.request.parameters().keySet()));
    }
    sendXml(exchange, OssXml.bucketInfo(bucket.name(), exchange.base.getServerName()));
  }

  private void answerObject(Exchange exchange, BucketDirectory bucket)
      throws IOException, OssException {
    String key = exchange.address.key();
    for (String name : exchange.request.parameters().keySet()) {
      if (OssSignature.SUB_RESOURCES.contains(name) && !HARMLESS.contains(name)) {
        throw OssException.notImplemented("the sub-resource " + name);
      }
    }
    Optional<OpenObject> opened = bucket.open(key);
    if (opened.isEmpty()) {
      throw OssException.noSuchKey(key);
    }
    try (OpenObject body = opened.get()) {
      StoredObject object = body.object();
      HttpServletResponse response = exchange.response;
      response.setHeader("ETag", '"' + object.etag() + '"');
      response.setHeader("Last-Modified", DateGenerator.formatDate(object.lastModifiedMs()));
      if (isNotModified(exchange.request, object)) {
        response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
        return;
      }
      response.setHeader("Accept-Ranges", "bytes");
      response.setHeader("x-oss-object-type", "Normal");
      response.setHeader("x-oss-storage-class", "Standard");
      ByteRange range = rangeOf(exchange, object);
      if (range.isPartial()) {
        response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
        response.setHeader("Content-Range", range.contentRange(object.lengthBytes()));
      }
      response.setContentType("application/octet-stream");
      response.setContentLengthLong(range.lengthBytes());
      if (exchange.kind == RequestKind.HEAD) {
        breakOffHead(exchange);
        return;
      }
      sender.send(
          exchange.base,
          body,
          range.offset(),
          range.lengthBytes(),
          exchange.strike,
          bytes -> counters.countBytes(key, bytes));
    }
  }

  private static ByteRange rangeOf(Exchange exchange, StoredObject object) throws OssException {
    String header = exchange.kind == RequestKind.GET ? exchange.request.header("Range") : "";
    boolean standard = exchange.request.header("x-oss-range-behavior").equalsIgnoreCase("standard");
    return ByteRange.of(header, standard, object.lengthBytes());
  }

  /** Also checks If-Match. */
  private static boolean isNotModified(OssRequest request, StoredObject object)
      throws OssException {
    String ifMatch = request.header("If-Match");
    if (!ifMatch.isEmpty() && !matches(ifMatch, object)) {
      throw OssException.preconditionFailed("If-Match");
    }
    String ifNoneMatch = request.header("If-None-Match");
    return !ifNoneMatch.isEmpty() && matches(ifNoneMatch, object);
  }

  private static boolean matches(String etags, StoredObject object) {
    return etags.equals("*") || etags.replace("\"", "").equalsIgnoreCase(object.etag());
  }

  private static void breakOffHead(Exchange exchange) throws IOException {
    boolean reset = exchange.strike.filter(s -> s.is(Fault.Action.RESET)).isPresent();
    if (reset || exchange.strike.filter(s -> s.is(Fault.Action.TRUNCATE)).isPresent()) {
      BodySender.breakOff(exchange.base.getHttpChannel(), reset);
    }
  }

  private void sendXml(Exchange exchange, byte[] xml) throws IOException {
    exchange.response.setContentType("application/xml");
    exchange.response.setContentLengthLong(xml.length);
    sender.send(exchange.base, BodySource.of(xml), 0, xml.length, exchange.strike, uncounted -> {});
  }

  private static void sendError(Request base, HttpServletResponse response, OssException error)
      throws IOException {
    byte[] xml = OssXml.error(error, response.getHeader(REQUEST_ID), base.getServerName());
    response.setStatus(error.status());
    response.setContentType("application/xml");
    response.setContentLengthLong(xml.length);
    // The body of a refused upload is not read: the connection cannot be used again.
    if (base.getContentLengthLong() > 0 || base.getHeader("Transfer-Encoding") != null) {
      response.setHeader(HttpHeader.CONNECTION.asString(), "close");
    }
    if (!base.getMethod().equals("HEAD")) {
      response.getOutputStream().write(xml);
    }
  }

  /** A request on its way to its answer. */
  private static final class Exchange {
    private final Request base;
    private final HttpServletResponse response;
    private final OssRequest request;
    private final OssAddress address;
    private final RequestKind kind;
    private final Optional<FaultInjector.Strike> strike;

    private Exchange(
        Request base,
        HttpServletResponse response,
        OssRequest request,
        OssAddress address,
        RequestKind kind,
        Optional<FaultInjector.Strike> strike) {
      this.base = base;
      this.response = response;
      this.request = request;
      this.address = address;
      this.kind = kind;
      this.strike = strike;
    }
  }
}
