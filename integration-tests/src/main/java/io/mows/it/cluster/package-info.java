/**
 * A local cluster of real Alluxio processes: each its own JVM with its own configuration, memory
 * and mount, on its own address or in its own network namespace behind a shaped link.
 *
 * <p>{@link io.mows.it.cluster.LocalCluster} starts one from a {@link
 * io.mows.it.cluster.ClusterConfig} and leaves nothing behind; {@link
 * io.mows.it.cluster.ClusterMain} does so from the command line.
 */
package io.mows.it.cluster;
