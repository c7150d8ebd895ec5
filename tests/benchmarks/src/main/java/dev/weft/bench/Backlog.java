package dev.weft.bench;

import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.Requirements;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.TaskSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * What waiting tasks cost: they ask for a region where no worker stands yet, then two stand-ins
 * come up there, and the placer gives them all of it.
 */
final class Backlog implements Benchmark {

  private static final String REGION = "bench";
  private static final int STAND_INS = 2;
  private static final int URGENT_RATE = 100;
  private static final int URGENT_SECONDS = 20;
  private static final int DRAIN_SECONDS = 5;
  private static final int URGENT_BACKLOG = 100_000;
  private static final int SHORT = 50_000;

  /** What of a backlog is given out before its rate is taken. */
  private static final double RUN_IN = 0.05;

  private final LoadOptions options;

  Backlog(LoadOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "backlog";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    try (TaskClient client = TaskClient.open(mesh);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
      Throughput.warmUp(mesh, client, options.warmUp);
      // The stand-ins' own code is warm then, too.
      pileUp(client, SHORT);
      drain(mesh, timer);
      report.addLatency("P0, nothing waits", urgent(client, "", URGENT_SECONDS));
      for (int waiting : options.backlogs) {
        flatness(mesh, client, waiting, timer, report);
      }
      urgentWhileDraining(mesh, client, timer, report);
    }
  }

  private void flatness(
      Mesh mesh, TaskClient client, int waiting, ScheduledExecutorService timer, Report report)
      throws Exception {
    String what = "%,d waiting: ".formatted(waiting);
    long router = Objects.requireNonNull(mesh.processes().get("router-0"));
    List<Double> drained = new ArrayList<>();
    // A short drain says little, so it is done more often.
    for (int i = 0; i < (waiting < SHORT ? options.runs : 1); i++) {
      long before = LiveHeap.bytes(router);
      pileUp(client, waiting);
      double bytes = (double) (LiveHeap.bytes(router) - before) / waiting;
      if (i == 0) {
        report.add(what + "heap of the placer", bytes, " bytes/task", "after full collections");
        Rounds beside = new Rounds(what + "others, " + Callers.BATCH);
        beside.add(Round.of(mesh, client, Callers.BATCH, options.tasks));
        beside.tell(report);
        report.addLatency(what + "P0 beside them", urgent(client, "", URGENT_SECONDS));
      }
      drained.add(drain(mesh, timer));
    }
    report.addMedian(what + "given out when workers come", drained, "/s");
  }

  private void urgentWhileDraining(
      Mesh mesh, TaskClient client, ScheduledExecutorService timer, Report report)
      throws Exception {
    pileUp(client, URGENT_BACKLOG);
    try (StandIn first = StandIn.join(mesh);
        StandIn second = StandIn.join(mesh)) {
      first.start(REGION, timer);
      second.start(REGION, timer);
      report.addLatency(
          "P0 beneath %,d P6 that are given out".formatted(URGENT_BACKLOG),
          urgent(client, REGION, DRAIN_SECONDS));
      awaitNothingWaits(mesh);
    }
  }

  private static void pileUp(TaskClient client, int tasks) throws InterruptedException {
    SubmitTaskRequest request = TaskClient.request(in(REGION, PriorityClass.PRIORITY_CLASS_P6));
    Crowd.submit(client.stub(), request, Callers.BULK, tasks);
  }

  /** Tasks per second, from when a twentieth is given out to when all are. */
  private static double drain(Mesh mesh, ScheduledExecutorService timer)
      throws IOException, InterruptedException {
    Steps steps = new Steps(mesh);
    double waiting = steps.waiting();
    double ended = steps.count("succeeded");
    double given = steps.count("leased");
    List<StandIn> workers = new ArrayList<>();
    try {
      for (int i = 0; i < STAND_INS; i++) {
        workers.add(StandIn.join(mesh));
      }
      workers.forEach(worker -> worker.start(REGION, timer));
      long begun = steps.await("leased", given + RUN_IN * waiting);
      long end = steps.await("leased", given + waiting);
      steps.await("succeeded", ended + waiting);
      return (1 - RUN_IN) * waiting / ((end - begun) / 1e9);
    } finally {
      workers.forEach(StandIn::close);
    }
  }

  private static void awaitNothingWaits(Mesh mesh) throws IOException, InterruptedException {
    Steps steps = new Steps(mesh);
    while (steps.waiting() > 0) {
      Thread.sleep(100);
    }
  }

  private static ConcurrentHistogram urgent(TaskClient client, String region, int seconds)
      throws InterruptedException {
    SubmitTaskRequest request = TaskClient.request(in(region, PriorityClass.PRIORITY_CLASS_P0));
    OpenLoop.Seen seen = new OpenLoop(client.stub(), request, URGENT_RATE, seconds).run();
    if (seen.failed() > 0) {
      throw new BenchFailure(seen.failed() + " P0 tasks did not end well");
    }
    return seen.ended();
  }

  private static TaskSpec.Builder in(String region, PriorityClass priority) {
    return TaskClient.noop()
        .setPriorityClass(priority)
        .setRequirements(Requirements.newBuilder().setRegion(region));
  }
}
