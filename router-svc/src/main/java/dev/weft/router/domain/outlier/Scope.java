package dev.weft.router.domain.outlier;

/**
 * Work of one tenant that can be compared: all of one executor kind, or that with the same
 * requirements. A worker is judged within a scope and is out of that scope alone.
 *
 * @param shape 0 for all work of the executor
 */
public record Scope(String executor, int shape) {

  public static Scope all(String executor) {
    return new Scope(executor, 0);
  }

  /** Whether it is the worker's own doing that is judged here. */
  public boolean ofWorker() {
    return shape == 0;
  }

  @Override
  public String toString() {
    return ofWorker() ? "this tenant's " + executor + " work" : "this " + executor + " work";
  }
}
