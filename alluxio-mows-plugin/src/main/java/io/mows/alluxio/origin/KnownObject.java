// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import io.mows.p2p.fetch.FileSpec;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Optional;

/**
 * What is known of the object that a thread reads now: Alluxio's OSS connector asks for its length
 * with a request of its own when it opens it, which is as long as the read itself where a model has
 * many small files. It gets the length that is known; and since that may be the length of another
 * version, each answer is compared with what it must be. (OSS sends the whole object if a range is
 * not within it.) By reflection, as {@link DirectOssReads}; thread-safe.
 */
final class KnownObject {
  private static final ThreadLocal<FileSpec> READING = new ThreadLocal<>();

  private final Class<?> metadataType;
  private final Method setLength;
  private final Method getLength;
  private final Method getTag;
  private final Method getRange;

  /**
   * @param metadataType the client's class of what it knows of an object
   * @param requestType the client's class of a question for bytes
   */
  KnownObject(Class<?> metadataType, Class<?> requestType) throws NoSuchMethodException {
    this.metadataType = metadataType;
    this.setLength = metadataType.getMethod("setContentLength", long.class);
    this.getLength = metadataType.getMethod("getContentLength");
    this.getTag = metadataType.getMethod("getETag");
    this.getRange = requestType.getMethod("getRange");
  }

  /** Reads of an open file. */
  @FunctionalInterface
  interface Reading<T> {
    T run() throws IOException;
  }

  /** Whatever {@code reading} asks the origin on this thread is about {@code file}. */
  static <T> T during(FileSpec file, Reading<T> reading) throws IOException {
    READING.set(file);
    try {
      return reading.run();
    } finally {
      READING.remove();
    }
  }

  /** What the client would say of the object, as far as the connector wants it; empty: ask. */
  Optional<Object> metadata() throws ReflectiveOperationException {
    FileSpec file = READING.get();
    if (file == null) {
      return Optional.empty();
    }
    Object metadata = metadataType.getConstructor().newInstance();
    setLength.invoke(metadata, file.layout().lengthBytes());
    return Optional.of(metadata);
  }

  /**
   * Why an answer is not what was asked for; empty if it is.
   *
   * @param metadata of the answer
   */
  Optional<String> difference(Object request, Object metadata) throws ReflectiveOperationException {
    FileSpec file = READING.get();
    long[] range = (long[]) getRange.invoke(request);
    if (file == null || range == null) {
      return Optional.empty();
    }
    long wanted = range[1] - range[0] + 1;
    long sent = (long) getLength.invoke(metadata);
    String tag = (String) getTag.invoke(metadata);
    String known = file.origin().contentHash();
    if (sent > 0 && sent != wanted) {
      return Optional.of("it sends " + sent + " bytes instead of " + wanted);
    }
    boolean isOther = tag != null && !known.isEmpty() && !plain(tag).equals(plain(known));
    return isOther
        ? Optional.of("its content tag is " + tag + " instead of " + known)
        : Optional.empty();
  }

  /** As Alluxio keeps tags in fingerprints, and without the quotes of HTTP. */
  private static String plain(String tag) {
    return tag.replace("\"", "").replaceAll("[\\s:|]", "_");
  }
}
