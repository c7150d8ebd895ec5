package dev.weft.bench;

import dev.weft.bench.LogFollower.Followed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A task that writes as fast as it can, and those who follow it over REST. A follower's rate counts
 * from its first byte to its end; what came must be what was written, byte by byte. A log becomes
 * an artifact after its end, which is waited for, so that no round pays for the one before.
 */
final class Logs implements Benchmark {

  private static final int ROUNDS = 3;
  private static final int CROWD = 1_000;

  private final Chatter chatter;
  private final Chatter forCrowd;

  Logs(long bytes, long crowdBytes) {
    this.chatter = new Chatter(bytes);
    this.forCrowd = new Chatter(crowdBytes);
  }

  @Override
  public String name() {
    return "logs";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    try (MemoryWatch cold = MemoryWatch.begin(mesh)) {
      one(mesh);
      cold.tell("the first time", report);
    }
    try (MemoryWatch memory = MemoryWatch.begin(mesh)) {
      one(mesh);
      besideOneThatStalls(mesh);
      memory.tell("one follower", report);
    }
    List<Double> alone = new ArrayList<>();
    List<Double> beside = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      alone.add(one(mesh));
      beside.add(besideOneThatStalls(mesh));
    }
    report.addMedian("one follower", alone, "MB/s");
    report.addMedian("one follower beside one that reads nothing", beside, "MB/s");
    crowd(mesh, report);
  }

  private double one(Mesh mesh) throws IOException, InterruptedException {
    String task = chatter.begin(mesh);
    Followed followed = LogFollower.follow(mesh, task, chatter);
    mesh.awaitKept("output/" + task + "/1");
    return followed.megabytesPerSecond();
  }

  private double besideOneThatStalls(Mesh mesh) throws IOException, InterruptedException {
    String task = chatter.begin(mesh);
    Followed followed;
    try (Http _ = LogFollower.open(mesh, task)) {
      followed = LogFollower.follow(mesh, task, chatter);
    }
    mesh.awaitKept("output/" + task + "/1");
    return followed.megabytesPerSecond();
  }

  private void crowd(Mesh mesh, Report report) throws Exception {
    try (MemoryWatch memory = MemoryWatch.begin(mesh);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      String task = forCrowd.begin(mesh);
      long begun = System.nanoTime();
      List<Future<Followed>> followers = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        followers.add(threads.submit(() -> LogFollower.follow(mesh, task, forCrowd)));
      }
      List<Double> seconds = new ArrayList<>();
      for (Future<Followed> follower : followers) {
        seconds.add((follower.get().last() - begun) / 1e9);
      }
      Figures ends = Figures.of(seconds);
      report.add(
          "1,000 followers, all of them together",
          forCrowd.bytes() * (double) CROWD / 1e6 / ends.most(),
          "MB/s",
          "%d MB each, every byte checked".formatted(forCrowd.bytes() / 1_000_000));
      report.addMedian("1,000 followers, each until its end", seconds, "s");
      memory.tell("1,000 followers", report);
    }
  }
}
