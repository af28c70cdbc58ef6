// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.grpc.Block;
import alluxio.grpc.BlockStatus;
import alluxio.grpc.UfsReadOptions;
import alluxio.proto.dataserver.Protocol.OpenUfsBlockOptions;
import alluxio.worker.block.AllocateOptions;
import alluxio.worker.block.BlockLock;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.BlockStoreEventListener;
import alluxio.worker.block.BlockStoreMeta;
import alluxio.worker.block.CreateBlockOptions;
import alluxio.worker.block.io.BlockReader;
import alluxio.worker.block.io.BlockWriter;
import alluxio.worker.block.meta.BlockMeta;
import alluxio.worker.block.meta.TempBlockMeta;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A block store that does what another one does. */
abstract class ForwardingBlockStore implements BlockStore {
  private final BlockStore delegate;

  ForwardingBlockStore(BlockStore delegate) {
    this.delegate = delegate;
  }

  @Override
  public void abortBlock(long sessionId, long blockId) {
    delegate.abortBlock(sessionId, blockId);
  }

  @Override
  public void accessBlock(long sessionId, long blockId) {
    delegate.accessBlock(sessionId, blockId);
  }

  @Override
  public void commitBlock(long sessionId, long blockId, boolean pinOnCreate) {
    delegate.commitBlock(sessionId, blockId, pinOnCreate);
  }

  @Override
  public String createBlock(
      long sessionId, long blockId, int tier, CreateBlockOptions createBlockOptions) {
    return delegate.createBlock(sessionId, blockId, tier, createBlockOptions);
  }

  @Override
  public BlockReader createBlockReader(
      long sessionId, long blockId, long offset, boolean positionShort, OpenUfsBlockOptions options)
      throws IOException {
    return delegate.createBlockReader(sessionId, blockId, offset, positionShort, options);
  }

  @Override
  public BlockReader createUfsBlockReader(
      long sessionId, long blockId, long offset, boolean positionShort, OpenUfsBlockOptions options)
      throws IOException {
    return delegate.createUfsBlockReader(sessionId, blockId, offset, positionShort, options);
  }

  @Override
  public BlockWriter createBlockWriter(long sessionId, long blockId) throws IOException {
    return delegate.createBlockWriter(sessionId, blockId);
  }

  @Override
  public BlockStoreMeta getBlockStoreMeta() {
    return delegate.getBlockStoreMeta();
  }

  @Override
  public BlockStoreMeta getBlockStoreMetaFull() {
    return delegate.getBlockStoreMetaFull();
  }

  @Override
  public Optional<TempBlockMeta> getTempBlockMeta(long blockId) {
    return delegate.getTempBlockMeta(blockId);
  }

  @Override
  public boolean hasBlockMeta(long blockId) {
    return delegate.hasBlockMeta(blockId);
  }

  @Override
  public boolean hasTempBlockMeta(long blockId) {
    return delegate.hasTempBlockMeta(blockId);
  }

  @Override
  public Optional<BlockMeta> getVolatileBlockMeta(long blockId) {
    return delegate.getVolatileBlockMeta(blockId);
  }

  @Override
  public void moveBlock(long sessionId, long blockId, AllocateOptions moveOptions)
      throws IOException {
    delegate.moveBlock(sessionId, blockId, moveOptions);
  }

  @Override
  public Optional<BlockLock> pinBlock(long sessionId, long blockId) {
    return delegate.pinBlock(sessionId, blockId);
  }

  @Override
  public void unpinBlock(BlockLock lock) {
    delegate.unpinBlock(lock);
  }

  @Override
  public void updatePinnedInodes(Set<Long> inodes) {
    delegate.updatePinnedInodes(inodes);
  }

  @Override
  public void registerBlockStoreEventListener(BlockStoreEventListener listener) {
    delegate.registerBlockStoreEventListener(listener);
  }

  @Override
  public void removeBlock(long sessionId, long blockId) throws IOException {
    delegate.removeBlock(sessionId, blockId);
  }

  @Override
  public void removeInaccessibleStorage() {
    delegate.removeInaccessibleStorage();
  }

  @Override
  public void requestSpace(long sessionId, long blockId, long additionalBytes) {
    delegate.requestSpace(sessionId, blockId, additionalBytes);
  }

  @Override
  public CompletableFuture<List<BlockStatus>> load(List<Block> blocks, UfsReadOptions options) {
    return delegate.load(blocks, options);
  }

  @Override
  public void cleanupSession(long sessionId) {
    delegate.cleanupSession(sessionId);
  }

  @Override
  public void close() throws IOException {
    delegate.close();
  }
}
