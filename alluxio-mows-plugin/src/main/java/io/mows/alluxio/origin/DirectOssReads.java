// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.underfs.UnderFileSystem;
import alluxio.underfs.UnderFileSystemWithLogging;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has Alluxio's OSS under file system hand out the body of a GET as the HTTP client brings it.
 *
 * <p>The OSS client puts things around it that cost more than they are worth here (ADR 5): a CRC64,
 * byte by byte and twice, which nobody compares with anything when a range is read, and which takes
 * more time of the processor than all the rest of such a read; and a close that reads the range to
 * its end. What comes out of {@code getObject} here is the body alone, and closing it early cuts
 * its connection. What is known of an object is not asked for again: {@link KnownObject}.
 *
 * <p>The client is a private field of {@code alluxio.underfs.oss.OSSUnderFileSystem}, and its
 * classes are those of the under file system's own class loader, so all of this is by reflection.
 * Where something is not as it is in Alluxio 2.9.6, the client stays as it is. Thread-safe.
 */
final class DirectOssReads implements InvocationHandler {
  /** What the client said last on this thread, if it failed: the connector keeps it to itself. */
  private static final ThreadLocal<Throwable> LAST_FAILURE = new ThreadLocal<>();

  private static final Logger LOG = LoggerFactory.getLogger(DirectOssReads.class);

  private final Object client;
  private final Method getObject;
  private final Method setContent;
  private final Method getResponse;
  private final Method getBody;
  private final Method getMetadata;
  private final Method getLength;
  private final Method cut;
  private final Method getStatus;
  private final KnownObject known;

  private DirectOssReads(Object client, Class<?> clientType) throws NoSuchMethodException {
    this.client = client;
    this.getObject = ofRequest(clientType);
    Class<?> object = getObject.getReturnType();
    this.setContent = object.getMethod("setObjectContent", InputStream.class);
    this.getResponse = object.getMethod("getResponse");
    this.getBody = getResponse.getReturnType().getMethod("getContent");
    this.getMetadata = object.getMethod("getObjectMetadata");
    this.getLength = getMetadata.getReturnType().getMethod("getContentLength");
    this.cut = object.getMethod("forcedClose");
    this.getStatus = clientType.getMethod("getObjectMetadata", String.class, String.class);
    this.known = new KnownObject(getStatus.getReturnType(), getObject.getParameterTypes()[0]);
  }

  private static Method ofRequest(Class<?> clientType) throws NoSuchMethodException {
    for (Method method : clientType.getMethods()) {
      Class<?>[] parameters = method.getParameterTypes();
      if (method.getName().equals("getObject")
          && parameters.length == 1
          && parameters[0].getSimpleName().equals("GetObjectRequest")) {
        return method;
      }
    }
    throw new NoSuchMethodException(clientType.getName() + ".getObject(GetObjectRequest)");
  }

  /** Changes {@code ufs}, which nobody uses yet, if it reads from OSS. */
  static void install(UnderFileSystem ufs) {
    if (!ufs.getUnderFSType().equals("oss")) {
      return;
    }
    UnderFileSystem oss =
        ufs instanceof UnderFileSystemWithLogging
            ? ((UnderFileSystemWithLogging) ufs).getUnderFileSystem()
            : ufs;
    try {
      Field field = clientField(oss.getClass());
      Class<?> type = field.getType();
      Object client = field.get(oss);
      leaveChecksumOut(client);
      field.set(
          oss,
          Proxy.newProxyInstance(
              type.getClassLoader(), new Class<?>[] {type}, new DirectOssReads(client, type)));
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.warn(
          "Reads of {} cost more of the processor than they need to: {} is not the one of Alluxio"
              + " 2.9.6, so its client is used as it is",
          ufs,
          oss.getClass().getName(),
          e);
    }
  }

  /** Why the last question to OSS on this thread failed; asked once. Empty if it did not. */
  static Optional<Throwable> lastFailure() {
    Throwable last = LAST_FAILURE.get();
    LAST_FAILURE.remove();
    return Optional.ofNullable(last);
  }

  /** The inner one, which is a setting of the client; the outer one is there whatever it says. */
  private static void leaveChecksumOut(Object client) throws ReflectiveOperationException {
    Object settings = client.getClass().getMethod("getClientConfiguration").invoke(client);
    settings.getClass().getMethod("setCrcCheckEnabled", boolean.class).invoke(settings, false);
  }

  private static Field clientField(Class<?> type) throws NoSuchFieldException {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        if (field.getName().equals("mClient")) {
          field.setAccessible(true);
          return field;
        }
      }
    }
    throw new NoSuchFieldException(type.getName() + ".mClient");
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.equals(getStatus)) {
      Optional<Object> metadata = known.metadata();
      if (metadata.isPresent()) {
        return metadata.get();
      }
    }
    Object result;
    try {
      result = method.invoke(client, arguments);
      LAST_FAILURE.remove();
    } catch (InvocationTargetException e) {
      LAST_FAILURE.set(e.getCause());
      throw e.getCause();
    }
    if (method.equals(getObject)) {
      InputStream body = (InputStream) getBody.invoke(getResponse.invoke(result));
      Object metadata = getMetadata.invoke(result);
      Optional<String> difference = known.difference(arguments[0], metadata);
      if (difference.isPresent()) {
        cut.invoke(result);
        throw new IllegalStateException("The origin has another object: " + difference.get());
      }
      long lengthBytes = (long) getLength.invoke(metadata);
      setContent.invoke(result, new ObjectBody(body, lengthBytes, result, cut));
    }
    return result;
  }
}
