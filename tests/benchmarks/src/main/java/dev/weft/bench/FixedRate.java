package dev.weft.bench;

import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.TaskSpec;

/** Tasks at a fixed rate: how long until the OK and until the result, see {@link OpenLoop}. */
final class FixedRate implements Benchmark {

  private final String kind;
  private final SubmitTaskRequest request;
  private final int rate;
  private final int seconds;

  /**
   * @param kind noop or shell
   */
  FixedRate(String kind, int rate, int seconds) {
    this.kind = kind;
    this.request = TaskClient.request(spec(kind));
    this.rate = rate;
    this.seconds = seconds;
  }

  @Override
  public String name() {
    return "fixed-rate-" + kind;
  }

  @Override
  public void run(Mesh mesh, Report report) throws InterruptedException {
    try (TaskClient client = TaskClient.open(mesh)) {
      OpenLoop.Seen seen = new OpenLoop(client.stub(), request, rate, seconds).run();
      String remark = "%d tasks at %d/s".formatted(seen.counted(), rate);
      report.add("not ended well", (double) seen.failed(), "tasks", remark);
      report.addLatency("submit to OK", seen.accepted());
      report.addLatency("submit to result", seen.ended());
    }
  }

  private static TaskSpec.Builder spec(String kind) {
    return switch (kind) {
      case "noop" -> TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance());
      case "shell" -> TaskSpec.newBuilder().setShell(ShellExecutor.newBuilder().addArgv("true"));
      default -> throw new IllegalArgumentException("kind: " + kind + " (expected: noop or shell)");
    };
  }
}
