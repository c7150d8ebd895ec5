package dev.weft.bench;

/** Something that is measured at a running mesh. */
interface Benchmark {

  /** What it is asked for by. */
  String name();

  /**
   * Measures, and says what it found.
   *
   * @throws BenchFailure if the mesh did not do what was to be measured
   */
  void run(Mesh mesh, Report report) throws Exception;
}
