package dev.weft.bench;

/** One of the things about agents that are measured. */
interface AgentPart {

  /** What it is asked for by. */
  String name();

  /**
   * Measures, and says what it found.
   *
   * @throws BenchFailure if a frame was lost, or if the mesh did not do what was to be measured
   */
  void run(Mesh mesh, Report report) throws Exception;
}
