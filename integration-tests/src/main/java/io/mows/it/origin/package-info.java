/**
 * An OSS-compatible object server over local directories, for tests and benchmarks: it shapes
 * bandwidth, injects faults and counts what was read. Start at {@link
 * io.mows.it.origin.TestOrigin}; {@link io.mows.it.origin.OriginMain} runs it as a process.
 */
package io.mows.it.origin;
