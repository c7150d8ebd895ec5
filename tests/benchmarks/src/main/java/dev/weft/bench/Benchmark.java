package dev.weft.bench;

/** Something that is measured at a running mesh. */
interface Benchmark {

  /** What it is asked for by. */
  String name();

  /** Whether a mesh must run; without one, it gets {@link Mesh#none}. */
  default boolean needsMesh() {
    return true;
  }

  /**
   * Measures, and says what it found.
   *
   * @throws BenchFailure if the mesh did not do what was to be measured
   */
  void run(Mesh mesh, Report report) throws Exception;
}
