// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.archive;

import com.google.common.annotations.VisibleForTesting;
import io.mows.alluxio.check.Finding;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archive of a worker's classes that its command line names with {@code -XX:SharedArchiveFile}
 * (JEP 310): a JVM that has one need not read, parse and verify them. The JVM takes it without a
 * word if it is of the same class path, jars and JDK, and goes without a word if not; so this says
 * which, and makes the archive anew, for the next start, where there is none that can be taken.
 *
 * <p>It is made once the worker has moved bytes and nobody reads, of the classes that are loaded
 * then. Thread-safe.
 */
public final class ClassArchive implements AutoCloseable {
  public static final String SUBJECT = "class archive";

  private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

  private static final String OPTION = "-XX:SharedArchiveFile=";

  /** The first one that makes an archive of what is loaded. */
  private static final int LEAST_RELEASE = 17;

  private static final long TURN_S = 15;

  /** For so many turns in a row nothing was on its way. */
  private static final int QUIET_TURNS = 2;

  private static final String THREAD = "mows-archive";

  private final Jvm jvm;
  private final BooleanSupplier isQuiet;
  private final Optional<Path> file;
  private final boolean isUsed;
  private final String obstacle;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(NamedThreads.one(THREAD));
  private int quietTurns;

  /** How it went; empty as long as nobody has tried to make it. */
  private volatile Optional<Finding> made = Optional.empty();

  /**
   * @param isQuiet whether the worker has moved bytes, and moves none now
   */
  public ClassArchive(BooleanSupplier isQuiet) {
    this(new HotSpot(), isQuiet);
  }

  @VisibleForTesting
  ClassArchive(Jvm jvm, BooleanSupplier isQuiet) {
    this.jvm = jvm;
    this.isQuiet = isQuiet;
    this.file = named(jvm);
    this.isUsed = file.isPresent() && jvm.hasMapped(file.get());
    this.obstacle = file.isPresent() && !isUsed ? obstacle(jvm) : "";
  }

  /** The last one counts, as it does for the JVM. */
  private static Optional<Path> named(Jvm jvm) {
    return jvm.options().stream()
        .filter(option -> option.startsWith(OPTION) && option.length() > OPTION.length())
        .reduce((former, last) -> last)
        .map(option -> Path.of(option.substring(OPTION.length())).toAbsolutePath());
  }

  /** Why this JVM can make no archive of itself; empty if it can. */
  private static String obstacle(Jvm jvm) {
    if (jvm.release() < LEAST_RELEASE) {
      return "Java " + jvm.release() + " cannot make it: use a JDK " + LEAST_RELEASE;
    }
    return jvm.classPath().stream()
        .filter(ClassArchive::isDirectoryWithFiles)
        .findFirst()
        .map(
            directory ->
                "the class path has the directory "
                    + directory
                    + ", and the JVM archives jars only: name them with -cp in"
                    + " ALLUXIO_WORKER_JAVA_OPTS, as alluxio-env.sh does")
        .orElse("");
  }

  private static boolean isDirectoryWithFiles(Path entry) {
    if (!Files.isDirectory(entry)) {
      return false;
    }
    try (Stream<Path> files = Files.list(entry)) {
      return files.findAny().isPresent();
    } catch (IOException e) {
      return true;
    }
  }

  /** The worker serves: from now on the archive is made where it is named and not used. */
  public void start() {
    file.ifPresent(path -> LOG.info("{}", finding()));
    if (file.isPresent() && !isUsed && obstacle.isEmpty()) {
      thread.scheduleWithFixedDelay(this::turn, TURN_S, TURN_S, TimeUnit.SECONDS);
    } else {
      thread.shutdown();
    }
  }

  @VisibleForTesting
  void turn() {
    quietTurns = isQuiet.getAsBoolean() ? quietTurns + 1 : 0;
    if (quietTurns < QUIET_TURNS) {
      return;
    }
    // Once, however it goes.
    thread.shutdown();
    Path path = file.orElseThrow();
    long startNs = System.nanoTime();
    try {
      make(path);
      made = Optional.of(Finding.ok(SUBJECT, path + " was made; the next start takes it"));
      LOG.info(
          "The class archive {} was made in {} ms; the next start takes it",
          path,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
    } catch (IOException | RuntimeException e) {
      made =
          Optional.of(
              Finding.note(
                  SUBJECT,
                  path + " could not be made: " + e.getMessage(),
                  "make its directory one that the worker can write to; the worker works without"));
      LOG.warn("The class archive {} could not be made; the worker works without", path, e);
    }
  }

  /** Beside the old one, which other JVMs may have mapped, and then in its place. */
  private void make(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    Path fresh =
        path.resolveSibling(path.getFileName() + "." + ProcessHandle.current().pid() + ".new");
    try {
      jvm.archive(fresh);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      deleteAllOf(fresh);
    }
  }

  /** The JVM leaves a list of the classes and what its process printed. */
  private static void deleteAllOf(Path fresh) throws IOException {
    String name = fresh.getFileName().toString();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            fresh.getParent(), beside -> beside.getFileName().toString().startsWith(name))) {
      for (Path left : files) {
        Files.deleteIfExists(left);
      }
    }
  }

  /** For {@code alluxio fs mows check}. */
  public Finding finding() {
    if (file.isEmpty()) {
      return Finding.note(
          SUBJECT,
          "none is named: the JVM reads and checks each class anew at each start",
          "the line of conf-templates/alluxio-env.sh, with a JDK " + LEAST_RELEASE);
    }
    Path path = file.get();
    if (isUsed) {
      return Finding.ok(SUBJECT, path + " is used");
    }
    if (!obstacle.isEmpty()) {
      return Finding.note(SUBJECT, path + " is not used", obstacle);
    }
    return made.orElseGet(
        () ->
            Finding.note(
                SUBJECT,
                path
                    + (Files.exists(path)
                        ? " is not used: it is of another jar, JDK or class path"
                        : " is not there yet"),
                "nothing: this worker makes it when it has read a model and nobody reads, for the"
                    + " next start"));
  }

  /** Gives up what is being made. */
  @Override
  public void close() {
    file.ifPresent(
        path ->
            ProcessHandle.current()
                .children()
                .filter(child -> isAbout(child, path))
                .forEach(ProcessHandle::destroyForcibly));
    NamedThreads.stop(thread, THREAD);
  }

  private static boolean isAbout(ProcessHandle child, Path path) {
    return Stream.of(child.info().arguments().orElse(new String[0]))
        .anyMatch(argument -> argument.contains(path + "."));
  }
}
