package dev.weft.artifact.app;

/** Is told what happens; answers nothing and never fails. */
public interface StoreMeter {

  void received(long bytes);

  void sent(long bytes);

  /** A blob was found damaged. */
  void damaged();

  void expired(int artifacts);

  void swept(int blobs);

  /** Where a small blob was found. */
  void cache(Tier tier);

  /** From near to far. */
  enum Tier {
    MEMORY,
    REDIS,
    STORE
  }
}
