package dev.weft.router.domain.effort;

/** Says how hard work is that does not say so itself: the same for the same work. */
@FunctionalInterface
public interface Classifier {

  /** Never {@link Complexity#EMERGENCY}. */
  Complexity classify(Workload work);
}
