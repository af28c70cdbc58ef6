// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.swarm.origin.OriginFault;
import io.mows.p2p.thread.Futures;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * What an error of an under file system means.
 *
 * <p>Their clients' classes are not ours to name: each under file system has its own class loader.
 * But all of them write the HTTP status or the error code of the answer into their messages (OSS,
 * S3 and what speaks like them, COS, OBS), and the kernel writes its own words into those of files.
 * What says neither is not known.
 */
final class OriginErrors {
  private static final int MAX_DEPTH = 12;

  private static final Pattern STATUS =
      Pattern.compile(
          "(?:status code|statuscode|http status code|http code|response code|http/1\\.[01])"
              + "[\\]:= ]*\\s*(\\d{3})\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern CODE =
      Pattern.compile(
          "(?:\\[ErrorCode\\]|Error ?Code|<Code>)[:= ]*\\s*([A-Za-z]+)", Pattern.CASE_INSENSITIVE);

  private static final Set<String> DENIED_CODES =
      Set.of(
          "accessdenied",
          "accessforbidden",
          "accountproblem",
          "expiredtoken",
          "forbidden",
          "invalidaccesskeyid",
          "invalidsecurity",
          "invalidsecuritytoken",
          "invalidtoken",
          "requesttimetooskewed",
          "securitytokenexpired",
          "securitytokennotsupported",
          "signaturedoesnotmatch",
          "userdisable");

  private static final Set<String> GONE_CODES = Set.of("nosuchkey", "nosuchbucket", "notfound");

  private static final Set<String> AWAY_CODES =
      Set.of(
          "busy",
          "connectionrefused",
          "connectiontimeout",
          "internalerror",
          "requesttimeout",
          "serverbusy",
          "serviceunavailable",
          "slowdown",
          "sockettimeout",
          "socketexception",
          "throttling",
          "toomanyrequests",
          "unknownhost");

  private OriginErrors() {}

  /** Empty if {@code failure} does not say. */
  static Optional<OriginFault> faultOf(Throwable failure) {
    Throwable each = failure;
    for (int depth = 0; each != null && depth < MAX_DEPTH; depth++) {
      Optional<OriginFault> fault = byWords(String.valueOf(each.getMessage()));
      if (fault.isEmpty()) {
        fault = byType(each);
      }
      if (fault.isPresent()) {
        return fault;
      }
      each = each.getCause();
    }
    return Optional.empty();
  }

  private static Optional<OriginFault> byWords(String message) {
    Matcher code = CODE.matcher(message);
    while (code.find()) {
      Optional<OriginFault> fault = byCode(code.group(1).toLowerCase(Locale.ROOT));
      if (fault.isPresent()) {
        return fault;
      }
    }
    Matcher status = STATUS.matcher(message);
    if (status.find()) {
      return byStatus(Integer.parseInt(status.group(1)));
    }
    if (message.contains("Permission denied")) {
      return Optional.of(OriginFault.DENIED);
    }
    return message.contains("No such file or directory")
        ? Optional.of(OriginFault.GONE)
        : Optional.empty();
  }

  private static Optional<OriginFault> byCode(String code) {
    if (DENIED_CODES.contains(code)) {
      return Optional.of(OriginFault.DENIED);
    }
    if (GONE_CODES.contains(code)) {
      return Optional.of(OriginFault.GONE);
    }
    return AWAY_CODES.contains(code) ? Optional.of(OriginFault.AWAY) : Optional.empty();
  }

  private static Optional<OriginFault> byStatus(int status) {
    switch (status) {
      case 401:
      case 403:
        return Optional.of(OriginFault.DENIED);
      case 404:
      case 410:
        return Optional.of(OriginFault.GONE);
      case 408:
      case 429:
        return Optional.of(OriginFault.AWAY);
      default:
        return status >= 500 ? Optional.of(OriginFault.AWAY) : Optional.empty();
    }
  }

  private static Optional<OriginFault> byType(Throwable failure) {
    if (failure instanceof AccessDeniedException
        || failure.getClass().getSimpleName().equals("AccessControlException")) {
      return Optional.of(OriginFault.DENIED);
    }
    if (failure instanceof NoSuchFileException) {
      return Optional.of(OriginFault.GONE);
    }
    boolean isAway =
        failure instanceof SocketException
            || failure instanceof SocketTimeoutException
            || failure instanceof UnknownHostException
            || failure instanceof SSLException;
    return isAway ? Optional.of(OriginFault.AWAY) : Optional.empty();
  }

  /** The part of {@code failure} that says why, for the operator: one line, not too long. */
  static String words(Throwable failure) {
    Throwable says = failure;
    for (int depth = 0; says.getCause() != null && depth < MAX_DEPTH; depth++) {
      says = says.getCause();
    }
    String message = Futures.reasonOf(says);
    String line = message.replaceAll("\\s*[\\r\\n]+\\s*", "; ");
    return line.length() > 300 ? line.substring(0, 300) + "..." : line;
  }

  /** What is asked of the origin ends here, and others may still have the bytes. */
  static TransferException shuttingDown(Exception cause) {
    return new TransferException(Remedy.RETRY_ELSEWHERE, "the worker is shutting down", cause);
  }
}
