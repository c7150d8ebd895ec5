package dev.weft.router.domain.outlier;

import org.jspecify.annotations.Nullable;

/** A worker's record within a scope, from its first ejection until that is forgiven. */
final class Standing {

  final Suspicion suspicion;

  /** Null while it is in. */
  @Nullable Ejection ejection;

  int times;
  int good;
  boolean probing;

  /** On the monotonic clock: when it came back. */
  long backAt;

  /** On the monotonic clock: too many are out until then, as far as is known. */
  long cappedUntil;

  Standing(Suspicion suspicion) {
    this.suspicion = suspicion;
  }
}
