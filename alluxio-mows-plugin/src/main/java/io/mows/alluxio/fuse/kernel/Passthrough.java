// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import io.mows.alluxio.fuse.kernel.Backings.Backing;
import io.mows.alluxio.fuse.kernel.MountedFiles.MountedFile;
import io.mows.alluxio.fuse.kernel.message.FuseInit;
import io.mows.channel.Shortage;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands files that are whole in memory to the kernel, which then reads and maps the block file
 * itself: no copy in between, no second copy in its page cache. Thread-safe.
 *
 * <p>Source: Documentation/filesystems/fuse-passthrough.rst; Linux 6.9.
 */
final class Passthrough {
  private static final Logger LOG = LoggerFactory.getLogger(Passthrough.class);

  static final long TRY_AGAIN_NS = TimeUnit.MINUTES.toNanos(1);
  private static final long SAY_AGAIN_NS = TimeUnit.MINUTES.toNanos(1);

  private final Kernel kernel;
  private final FuseInit init;
  private final int maxBlocks;
  private final Backings backings = new Backings();
  private final AtomicInteger blocks = new AtomicInteger();
  private final AtomicLong saidNs = new AtomicLong(System.nanoTime() - SAY_AGAIN_NS);
  private final LongSupplier nanoClock;

  /** Null unless the kernel has refused a file. */
  private final AtomicReference<Long> refusedNs = new AtomicReference<>();

  /**
   * @param maxBlocks how many blocks the kernel may have at once: Alluxio's store has a limited
   *     number of locks for them, and waits for ever for one more
   */
  Passthrough(Kernel kernel, FuseInit init, int maxBlocks) {
    this(kernel, init, maxBlocks, System::nanoTime);
  }

  Passthrough(Kernel kernel, FuseInit init, int maxBlocks, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.kernel = kernel;
    this.init = init;
    this.maxBlocks = maxBlocks;
  }

  /** Who reads by itself. */
  interface Kernel {
    /**
     * Tells the kernel of a file that it may read by itself.
     *
     * @return what it is called in replies, until {@link #closeBacking}
     * @throws NoSuchFileException if it is not there any more
     * @throws RefusedException if the kernel takes no file at all
     * @throws IOException if it does not now
     */
    int openBacking(Path file) throws IOException;

    void closeBacking(int backing) throws IOException;
  }

  /** The kernel does not read files by itself, or not for this process, or not of this tmpfs. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /** A refusal may have had a reason that passes, so it is not for good. */
  private boolean isRefused() {
    Long since = refusedNs.get();
    return since != null && nanoClock.getAsLong() - since < TRY_AGAIN_NS;
  }

  /** Whether a file of {@code node} that is opened now would be taken if it were whole. */
  boolean mayTake(long node) {
    return !isRefused()
        && init.passesThrough()
        && blocks.get() < maxBlocks
        && !backings.isAsked(node);
  }

  /** The id of the file's backing, if the kernel is to read it by itself. */
  Optional<Integer> opened(long node, MountedFile file) {
    return backings.opened(node, () -> backing(file));
  }

  /**
   * @return whether none is open any more, but may be mapped: the block is kept until {@link
   *     #forgotten}
   */
  boolean released(long node) {
    return backings.released(node);
  }

  boolean isOnlyKept(long node) {
    return backings.isOnlyKept(node);
  }

  /** Whether the kernel has a block of {@code node}, open or mapped. */
  boolean has(long node) {
    return backings.has(node);
  }

  /**
   * The bytes of {@code node} are wrong: they are taken away from whoever has them open or mapped.
   * A mapping gets SIGBUS; a read has to be stopped before, or it would find an empty file.
   */
  void empty(long node) {
    backings.of(node).forEach(Backing::empty);
  }

  /** The kernel has forgotten it, which it does only when nothing has it open or mapped. */
  void forgotten(long node) {
    backings.forgotten(node);
  }

  private Optional<Backing> backing(MountedFile file) {
    if (isRefused() || !init.passesThrough()) {
      return Optional.empty();
    }
    if (blocks.get() >= maxBlocks) {
      notNow(
          "the kernel has "
              + maxBlocks
              + " blocks already, half of what Alluxio's store can lock. Remedy: a larger"
              + " alluxio.worker.tieredstore.block.locks, or larger blocks");
      return Optional.empty();
    }
    try {
      Optional<BlockLease> lease = file.whole();
      return lease.isEmpty() ? Optional.empty() : Optional.of(backing(lease.get()));
    } catch (NoSuchFileException e) {
      LOG.debug("The block was found to be wrong a moment ago", e);
      return Optional.empty();
    } catch (RefusedException e) {
      if (refusedNs.getAndSet(nanoClock.getAsLong()) == null) {
        LOG.warn(
            "Files in memory are read through this process, more slowly: the kernel does not take"
                + " them ({}). It wants the worker to run as root on Linux 6.9 or later. One file is"
                + " tried each minute",
            e.getMessage());
      }
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      notNow(e + remedy(e));
      return Optional.empty();
    }
  }

  /** This open file is read through us; the next one may not be. Said once a minute. */
  private void notNow(String why) {
    long now = System.nanoTime();
    long last = saidNs.get();
    if (now - last >= SAY_AGAIN_NS && saidNs.compareAndSet(last, now)) {
      LOG.warn(
          "Files in memory that are opened now are read through this process, more slowly, until"
              + " it is possible again to hand them to the kernel: {}",
          why);
    }
  }

  private static String remedy(Exception failure) {
    return Shortage.isOfFiles(failure) ? ". Remedy: " + Shortage.MORE_FILES : "";
  }

  private Backing backing(BlockLease lease) throws IOException {
    try {
      Path path = lease.file().path();
      FileChannel wrong = FileChannel.open(path, StandardOpenOption.WRITE);
      try {
        Backing backing = new LeasedBacking(lease, wrong, kernel.openBacking(path));
        blocks.incrementAndGet();
        refusedNs.set(null);
        return backing;
      } catch (IOException | RuntimeException e) {
        wrong.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  /** When nothing is mounted any more. */
  void close() {
    backings.closeAll();
  }

  /** A block that stays in memory as long as the kernel has its file. */
  private final class LeasedBacking implements Backing {
    private final BlockLease lease;

    /** For the day on which the bytes are wrong: the file may have no name any more then. */
    private final FileChannel wrong;

    private final int id;

    LeasedBacking(BlockLease lease, FileChannel wrong, int id) {
      this.lease = lease;
      this.wrong = wrong;
      this.id = id;
    }

    @Override
    public int id() {
      return id;
    }

    @Override
    public void closed() {
      try {
        kernel.closeBacking(id);
      } catch (IOException e) {
        LOG.warn("The kernel keeps {} open until the mount ends", lease.file().path(), e);
      }
    }

    @Override
    public void empty() {
      try {
        wrong.truncate(0);
      } catch (IOException e) {
        LOG.warn("Who has mapped {} keeps its wrong bytes", lease.file().path(), e);
      }
    }

    @Override
    public boolean isSame(Backing other) {
      return ((LeasedBacking) other).lease.file() == lease.file();
    }

    @Override
    public void close() {
      blocks.decrementAndGet();
      try {
        wrong.close();
      } catch (IOException e) {
        LOG.warn("{} could not be closed", lease.file().path(), e);
      } finally {
        lease.close();
      }
    }
  }
}
