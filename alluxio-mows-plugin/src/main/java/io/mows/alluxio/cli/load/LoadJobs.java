// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.load;

import alluxio.AlluxioURI;
import alluxio.client.file.FileSystem;
import alluxio.client.file.FileSystemContext;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import alluxio.grpc.JobProgressReportFormat;
import alluxio.grpc.ListStatusPOptions;
import alluxio.grpc.LoadJobPOptions;
import alluxio.grpc.LoadMetadataPType;
import alluxio.job.JobDescription;
import alluxio.job.LoadJobRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;

/** The master's load jobs, as {@code alluxio fs load --submit} and {@code --progress} use them. */
public interface LoadJobs {
  /** The master's, connected when they are asked. */
  static LoadJobs of(FileSystemContext context) {
    return new LoadJobs() {
      private final FileSystem fileSystem = FileSystem.Factory.create(context);

      @Override
      public Contents look(String path) throws IOException {
        ListStatusPOptions all =
            ListStatusPOptions.newBuilder()
                .setRecursive(true)
                .setLoadMetadataType(LoadMetadataPType.ALWAYS)
                .build();
        int files = 0;
        long bytes = 0;
        try {
          for (URIStatus status : fileSystem.listStatus(new AlluxioURI(path), all)) {
            files += status.isFolder() ? 0 : 1;
            bytes += status.isFolder() ? 0 : status.getLength();
          }
        } catch (AlluxioException e) {
          throw new IOException(e.getMessage(), e);
        }
        return new Contents(files, bytes);
      }

      @Override
      public void submit(String path) throws IOException {
        try {
          fileSystem.submitJob(new LoadJobRequest(path, LoadJobPOptions.getDefaultInstance()));
        } catch (StatusRuntimeException e) {
          throw new IOException(e.getMessage(), e);
        }
      }

      @Override
      public String progress(String path) throws IOException {
        JobDescription job = JobDescription.newBuilder().setPath(path).setType("load").build();
        try {
          return fileSystem.getJobProgress(job, JobProgressReportFormat.JSON, true);
        } catch (StatusRuntimeException e) {
          throw new IOException(e.getMessage(), e);
        }
      }
    };
  }

  /**
   * Has the master look at the origin for all that lies below an Alluxio path: it loads only what
   * it knows.
   */
  Contents look(String path) throws IOException;

  /** Begins a job for {@code path}, unless there is one. */
  void submit(String path) throws IOException;

  /**
   * @return the master's report as JSON, {@code LoadProgressReport} in Alluxio's LoadJob.java
   */
  String progress(String path) throws IOException;

  /** What lies below a path. Immutable. */
  final class Contents {
    private final int files;
    private final long bytes;

    Contents(int files, long bytes) {
      this.files = files;
      this.bytes = bytes;
    }

    int files() {
      return files;
    }

    long bytes() {
      return bytes;
    }
  }
}
