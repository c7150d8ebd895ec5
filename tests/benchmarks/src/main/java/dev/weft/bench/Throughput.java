package dev.weft.bench;

/**
 * How many no-op tasks the mesh takes and ends, cold and warm, and what each of them costs every
 * process. Single and batch take turns, so that a noisy minute meets both.
 */
final class Throughput implements Benchmark {

  private static final int COLD_TASKS = 20_000;
  private static final int STEP = 20_000;

  private final LoadOptions options;

  Throughput(LoadOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "throughput";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    try (TaskClient client = TaskClient.open(mesh)) {
      if (mesh.own()) {
        Rounds cold = new Rounds("first " + COLD_TASKS + " after the start");
        cold.add(Round.of(mesh, client, Callers.SINGLE, COLD_TASKS));
        cold.tell(report);
      }
      warmUp(mesh, client, options.warmUp);
      Rounds single = new Rounds("single, " + Callers.SINGLE);
      Rounds batch = new Rounds("batch, " + Callers.BATCH);
      for (int i = 0; i < options.runs; i++) {
        single.add(Round.of(mesh, client, Callers.SINGLE, options.tasks));
        batch.add(Round.of(mesh, client, Callers.BATCH, options.tasks));
      }
      single.tell(report);
      batch.tell(report);
    }
  }

  /** Until the mesh has ended so many tasks since it started, half of them submitted singly. */
  static void warmUp(Mesh mesh, TaskClient client, int tasks) throws Exception {
    Steps steps = new Steps(mesh);
    for (int i = 0; steps.count("succeeded") < tasks; i++) {
      Round.of(mesh, client, i % 2 == 0 ? Callers.SINGLE : Callers.BATCH, STEP);
    }
  }
}
