// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.AlluxioURI;
import alluxio.client.file.FileSystem;
import alluxio.client.file.FileSystemContext;
import alluxio.fuse.AlluxioJniFuseFileSystem;
import alluxio.fuse.options.FuseOptions;
import alluxio.jnifuse.AbstractFuseFileSystem;
import alluxio.jnifuse.ErrorCodes;
import alluxio.jnifuse.struct.FileStat;
import alluxio.jnifuse.struct.FuseFileInfo;
import alluxio.jnifuse.struct.Statvfs;
import alluxio.util.io.PathUtils;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.fuse.ModelFiles.ModelFile;
import io.mows.alluxio.fuse.kernel.message.Reply;
import io.mows.alluxio.metrics.FailureLines;
import io.mows.alluxio.metrics.ToldException;
import io.mows.p2p.fetch.DroppedBytesException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import jnr.constants.platform.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks FUSE: reads of accelerated files go to {@link ModelFiles}, changes below accelerated paths
 * are refused, everything else is stock Alluxio. Thread-safe; libfuse calls it from many threads.
 */
final class ModelFuseFileSystem extends AbstractFuseFileSystem {
  private static final Logger LOG = LoggerFactory.getLogger(ModelFuseFileSystem.class);

  /** Tells our file handles from those of the stock file system, which count from zero. */
  private static final long OURS = 1L << 62;

  private static final int ACCESS_MODE = 3;

  private final String root;
  private final PathPrefixes paths;
  private final ModelFiles files;
  private final AttributeCalls attributes;
  private final AlluxioJniFuseFileSystem stock;
  private final Map<Long, Opened> open = new ConcurrentHashMap<>();
  private final AtomicLong nextHandle = new AtomicLong(OURS);
  private final PageCachePolicy pageCache = new PageCachePolicy();
  private final FailureLines lines = new FailureLines(LOG, System::nanoTime);

  ModelFuseFileSystem(
      Path mountPoint,
      String root,
      PathPrefixes paths,
      ModelFiles files,
      ModelAttributes attributes,
      FileSystemContext context,
      FileSystem fileSystem,
      FuseOptions options) {
    super(mountPoint);
    this.root = root;
    this.paths = paths;
    this.files = files;
    this.attributes = new AttributeCalls(attributes);
    this.stock = new AlluxioJniFuseFileSystem(context, fileSystem, options);
  }

  @Override
  public String getFileSystemName() {
    return stock.getFileSystemName();
  }

  @Override
  public int open(String path, FuseFileInfo fi) {
    String alluxioPath = alluxioPath(path);
    if (!paths.covers(alluxioPath)) {
      return stock.open(path, fi);
    }
    if ((fi.flags.get() & ACCESS_MODE) != 0) {
      return -ErrorCodes.EROFS();
    }
    Optional<ModelFile> file;
    try {
      file = files.open(new AlluxioURI(alluxioPath));
    } catch (IOException e) {
      said("An open", path, e);
      return -ErrorCodes.EIO();
    }
    if (file.isEmpty()) {
      return stock.open(path, fi);
    }
    long handle = nextHandle.getAndIncrement();
    open.put(handle, new Opened(path, file.get()));
    fi.fh.set(handle);
    if (file.get().isOpenFromBefore()) {
      LOG.warn(
          "{} is read past the page cache and cannot be mapped MAP_SHARED as long as readers have it"
              + " open who were given wrong bytes of it",
          path);
      PageCachePolicy.goPast(fi);
    } else if (file.get().keepsPages(pageCache, path)) {
      PageCachePolicy.keep(fi);
    }
    return 0;
  }

  /** Under which paths a file is open. */
  Set<String> openPaths(long fileId) {
    return open.values().stream()
        .filter(opened -> opened.file.fileId() == fileId)
        .map(opened -> opened.path)
        .collect(Collectors.toSet());
  }

  @Override
  public int read(String path, ByteBuffer buf, long size, long offset, FuseFileInfo fi) {
    long handle = fi.fh.get();
    if ((handle & OURS) == 0) {
      return stock.read(path, buf, size, offset, fi);
    }
    Opened opened = open.get(handle);
    if (opened == null) {
      return -ErrorCodes.EBADFD();
    }
    try {
      return opened.file.read(offset, buf.limit((int) size));
    } catch (IOException | RuntimeException | Error e) {
      said("A read", path, e);
      return -ErrorCodes.EIO();
    }
  }

  private void said(String what, String path, Throwable failure) {
    if (!(failure instanceof ToldException || failure instanceof DroppedBytesException)) {
      lines.failed(path, what, failure);
    }
  }

  @Override
  public int flush(String path, FuseFileInfo fi) {
    return (fi.fh.get() & OURS) == 0 ? stock.flush(path, fi) : 0;
  }

  @Override
  public int release(String path, FuseFileInfo fi) {
    long handle = fi.fh.get();
    if ((handle & OURS) == 0) {
      return stock.release(path, fi);
    }
    Opened opened = open.remove(handle);
    if (opened != null) {
      try {
        opened.file.close();
      } catch (IOException e) {
        LOG.warn("Closing {} failed", path, e);
      }
    }
    return 0;
  }

  @Override
  public int getattr(String path, FileStat stat) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (name.getBytes(StandardCharsets.UTF_8).length > Reply.NAME_MAX) {
      // The kernel asks for up to 1,024 bytes, Alluxio would say that there is none.
      return -Errno.ENAMETOOLONG.intValue();
    }
    return stock.getattr(path, stat);
  }

  @Override
  public int readdir(String path, long buff, long filter, long offset, FuseFileInfo fi) {
    return stock.readdir(path, buff, filter, offset, fi);
  }

  @Override
  public int statfs(String path, Statvfs stbuf) {
    return stock.statfs(path, stbuf);
  }

  @Override
  public int create(String path, long mode, FuseFileInfo fi) {
    return isReadOnly(path) ? -ErrorCodes.EROFS() : stock.create(path, mode, fi);
  }

  @Override
  public int write(String path, ByteBuffer buf, long size, long offset, FuseFileInfo fi) {
    return isReadOnly(path) ? -ErrorCodes.EROFS() : stock.write(path, buf, size, offset, fi);
  }

  @Override
  public int mkdir(String path, long mode) {
    return isReadOnly(path) ? -ErrorCodes.EROFS() : stock.mkdir(path, mode);
  }

  @Override
  public int unlink(String path) {
    return isReadOnly(path) ? -ErrorCodes.EROFS() : stock.unlink(path);
  }

  @Override
  public int rmdir(String path) {
    return isReadOnly(path) ? -ErrorCodes.EROFS() : stock.rmdir(path);
  }

  @Override
  public int rename(String oldPath, String newPath, int flags) {
    return isReadOnly(oldPath) || isReadOnly(newPath)
        ? -ErrorCodes.EROFS()
        : stock.rename(oldPath, newPath, flags);
  }

  @Override
  public int chmod(String path, long mode) {
    return isReadOnly(path) ? -ErrorCodes.EROFS() : stock.chmod(path, mode);
  }

  @Override
  public int chown(String path, long uid, long gid) {
    return isReadOnly(path) ? -ErrorCodes.EROFS() : stock.chown(path, uid, gid);
  }

  @Override
  public int truncate(String path, long size) {
    return isReadOnly(path) ? -ErrorCodes.EROFS() : stock.truncate(path, size);
  }

  @Override
  public int utimens(String path, long aSec, long aNsec, long mSec, long mNsec) {
    return isReadOnly(path) ? -ErrorCodes.EROFS() : stock.utimens(path, aSec, aNsec, mSec, mNsec);
  }

  @Override
  public int symlink(String linkname, String path) {
    return isReadOnly(path) ? -ErrorCodes.EROFS() : stock.symlink(linkname, path);
  }

  @Override
  public int getxattrCallback(String path, String name, ByteBuffer value) {
    return attributes.get(alluxioPath(path), name, value);
  }

  @Override
  public int listxattrCallback(String path, ByteBuffer list) {
    return attributes.list(alluxioPath(path), list);
  }

  @Override
  public int setxattrCallback(String path, String name, ByteBuffer value, long size, int flags) {
    return isReadOnly(path)
        ? -ErrorCodes.EROFS()
        : stock.setxattrCallback(path, name, value, size, flags);
  }

  @Override
  public int removexattrCallback(String path, String name) {
    return isReadOnly(path) ? -ErrorCodes.EROFS() : stock.removexattrCallback(path, name);
  }

  private boolean isReadOnly(String path) {
    return paths.covers(alluxioPath(path));
  }

  private String alluxioPath(String path) {
    return PathUtils.concatPath(root, path);
  }

  /** What a handle of ours stands for. */
  private static final class Opened {
    private final String path;
    private final ModelFile file;

    Opened(String path, ModelFile file) {
      this.path = path;
      this.file = file;
    }
  }
}
