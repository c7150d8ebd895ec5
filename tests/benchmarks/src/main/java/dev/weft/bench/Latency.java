package dev.weft.bench;

import dev.weft.proto.tasks.v1.SubmitTaskRequest;

/**
 * How long a no-op task takes at fixed rates, until its OK and until its result; beside it the
 * floor of the same minute, and what the mesh takes of the processors meanwhile.
 */
final class Latency implements Benchmark {

  private static final double MILLIS = 1e3;

  private final LoadOptions options;

  Latency(LoadOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    SubmitTaskRequest request = TaskClient.request(TaskClient.noop());
    try (TaskClient client = TaskClient.open(mesh)) {
      Throughput.warmUp(mesh, client, options.warmUp);
      Floor floor = Floor.of(mesh);
      floor.tell(report);
      for (int rate : options.rates) {
        CpuTimes before = CpuTimes.of(mesh);
        OpenLoop.Seen seen = new OpenLoop(client.stub(), request, rate, options.rateSeconds).run();
        double millis =
            CpuTimes.of(mesh).perTask(before, (long) rate * options.rateSeconds).values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum()
                / MILLIS;
        report.add(
            rate + "/s: not ended well", (double) seen.failed(), "", seen.counted() + " tasks");
        report.addLatency(rate + "/s: submit to OK", seen.accepted());
        report.addLatency(rate + "/s: submit to result", seen.ended());
        double above = seen.ended().getValueAtPercentile(50) / MILLIS - floor.millis();
        report.add(rate + "/s: submit to result, p50 above the floor", above, "ms", "");
        report.add(rate + "/s: CPU, all processes", millis, " ms/task", "followers' streams too");
      }
    }
  }
}
