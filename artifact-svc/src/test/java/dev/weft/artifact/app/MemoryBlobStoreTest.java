package dev.weft.artifact.app;

import java.time.InstantSource;

class MemoryBlobStoreTest extends BlobStoreContract {

  private final MemoryBlobStore store = new MemoryBlobStore(InstantSource.system());

  @Override
  protected BlobStore store() {
    return store;
  }

  @Override
  protected StoreMark.InStore mark() {
    return store;
  }
}
