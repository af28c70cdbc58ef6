// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Loads {@link Disni}, DiSNI and the native library from the jar.
 *
 * <p>DiSNI asks the JVM for a library of the name {@code disni}, and the JVM looks for it on {@code
 * java.library.path}, which cannot be changed any more, unless the class loader of who asks knows
 * better. So these classes get a class loader that does. (See docs/adr/0009.)
 */
final class DisniLoader extends ClassLoader {
  private static final String LIBRARY = "disni";
  private static final String DISNI_PACKAGE = "com.ibm.disni.";
  private static final String OURS = DisniLoader.class.getPackageName() + ".Disni";

  private final Path library;

  private DisniLoader(ClassLoader parent, Path library) {
    super("mows-disni", parent);
    this.library = library;
  }

  /**
   * Loads everything.
   *
   * @return the class {@link Disni} of another class loader
   * @throws IOException if that is not possible here; says what to do
   */
  static Class<?> load() throws IOException {
    Path library = Files.createTempFile("mows-", "-" + System.mapLibraryName(LIBRARY));
    try {
      extract(library);
      Class<?> disni = new DisniLoader(DisniLoader.class.getClassLoader(), library).loadClass(OURS);
      disni.getMethod("probe").invoke(null);
      return disni;
    } catch (InvocationTargetException e) {
      throw new IOException(explain(e.getCause()), e.getCause());
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IOException(explain(e), e);
    } finally {
      Files.delete(library); // The process keeps what it has loaded.
    }
  }

  /** {@code Disni(InetAddress)} of a class from {@link #load}. */
  static Verbs open(Class<?> disni, InetAddress address) throws IOException {
    try {
      return (Verbs) disni.getConstructor(InetAddress.class).newInstance(address);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IOException) {
        throw (IOException) e.getCause();
      }
      throw new IOException(explain(e.getCause()), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IOException(explain(e), e);
    }
  }

  private static void extract(Path library) throws IOException {
    String resource = "native/linux-" + arch() + "/" + System.mapLibraryName(LIBRARY);
    try (InputStream in = DisniLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(
            "this jar was built without the native library for "
                + arch()
                + ": build it on a machine with gcc, libibverbs-dev and librdmacm-dev");
      }
      Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** As src/main/native/build names it. */
  private static String arch() {
    String arch = System.getProperty("os.arch");
    switch (arch) {
      case "amd64":
        return "x86_64";
      case "aarch64":
        return "aarch_64";
      default:
        return arch;
    }
  }

  private static String explain(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof UnsatisfiedLinkError && message.contains("failed to map segment")) {
      return "the directory for temporary files does not allow programs ("
          + message
          + "): give the worker another one with -Djava.io.tmpdir";
    }
    if (failure instanceof UnsatisfiedLinkError) {
      return "libibverbs or librdmacm cannot be loaded ("
          + message
          + "): install libibverbs1, librdmacm1 and ibverbs-providers, or rdma-core";
    }
    if (failure instanceof IllegalAccessError) {
      return "DiSNI needs --add-opens=java.base/sun.nio.ch=ALL-UNNAMED on this Java";
    }
    return failure.toString();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    boolean own =
        name.startsWith(DISNI_PACKAGE) || name.equals(OURS) || name.startsWith(OURS + "$");
    if (!own) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  @Override
  protected String findLibrary(String name) {
    return name.equals(LIBRARY) ? library.toString() : null;
  }
}
