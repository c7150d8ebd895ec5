package dev.weft.scaler.domain.pool;

/** How many workers a pool should have, and within which bounds people may change that. */
public record PoolSize(int desired, int least, int most) {

  public PoolSize {
    if (least < 0 || most < least) {
      throw new IllegalArgumentException(
          "bounds: " + least + " to " + most + " (expected: 0 <= least <= most)");
    }
    if (desired < least || desired > most) {
      throw new IllegalArgumentException(
          "desired: " + desired + " (expected: " + least + " to " + most + ")");
    }
  }

  public boolean allows(int wish) {
    return wish >= least && wish <= most;
  }

  /** The same bounds with another wish, moved into them. */
  public PoolSize with(int wish) {
    return new PoolSize(Math.clamp(wish, least, most), least, most);
  }
}
