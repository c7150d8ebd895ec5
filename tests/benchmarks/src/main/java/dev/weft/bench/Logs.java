package dev.weft.bench;

import dev.weft.bench.LogFollower.Followed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A task that writes as fast as it can, and those who follow it over REST. A follower's rate counts
 * from its first byte to its end; what came must be what was written, byte by byte.
 */
final class Logs implements Benchmark {

  private static final int ROUNDS = 3;
  private static final int CROWD = 1_000;

  private final long bytes;
  private final long crowdBytes;

  Logs(long bytes, long crowdBytes) {
    this.bytes = bytes;
    this.crowdBytes = crowdBytes;
  }

  @Override
  public String name() {
    return "logs";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    String wanted = digest(bytes);
    try (MemoryWatch cold = MemoryWatch.begin(mesh)) {
      one(mesh, wanted);
      cold.tell("the first time", report);
    }
    List<Double> alone = new ArrayList<>();
    List<Double> beside = new ArrayList<>();
    try (MemoryWatch memory = MemoryWatch.begin(mesh)) {
      for (int i = 0; i < ROUNDS; i++) {
        alone.add(one(mesh, wanted));
        beside.add(besideOneThatStalls(mesh, wanted));
      }
      report.addMedian("one follower", alone, "MB/s");
      report.addMedian("one follower beside one that reads nothing", beside, "MB/s");
      memory.tell("one follower", report);
    }
    crowd(mesh, report);
  }

  private double one(Mesh mesh, String wanted) throws IOException {
    return rate(checked(LogFollower.follow(mesh, write(mesh, bytes)), bytes, wanted));
  }

  private double besideOneThatStalls(Mesh mesh, String wanted) throws IOException {
    String task = write(mesh, bytes);
    try (Http _ = LogFollower.open(mesh, task)) {
      return rate(checked(LogFollower.follow(mesh, task), bytes, wanted));
    }
  }

  private void crowd(Mesh mesh, Report report) throws Exception {
    String wanted = digest(crowdBytes);
    try (MemoryWatch memory = MemoryWatch.begin(mesh);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      String task = write(mesh, crowdBytes);
      long begun = System.nanoTime();
      List<Future<Followed>> followers = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        followers.add(threads.submit(() -> LogFollower.follow(mesh, task)));
      }
      List<Double> seconds = new ArrayList<>();
      for (Future<Followed> follower : followers) {
        Followed followed = checked(follower.get(), crowdBytes, wanted);
        seconds.add((followed.last() - begun) / 1e9);
      }
      Figures ends = Figures.of(seconds);
      report.add(
          "1,000 followers, all of them together",
          crowdBytes * (double) CROWD / 1e6 / ends.most(),
          "MB/s",
          "%d MB each, every byte checked".formatted(crowdBytes / 1_000_000));
      report.addMedian("1,000 followers, each until its end", seconds, "s");
      memory.tell("1,000 followers", report);
    }
  }

  private static Followed checked(Followed followed, long bytes, String wanted) {
    if (followed.bytes() != bytes || !followed.digest().equals(wanted)) {
      throw new BenchFailure(
          "followed: %d bytes %s (expected: %d bytes %s)"
              .formatted(followed.bytes(), followed.digest(), bytes, wanted));
    }
    return followed;
  }

  private static double rate(Followed followed) {
    return followed.bytes() / 1e6 / ((followed.last() - followed.first()) / 1e9);
  }

  private static String write(Mesh mesh, long bytes) throws IOException {
    return mesh.submit("sh", "-c", "yes %s | head -c %d".formatted(line(), bytes));
  }

  private static String line() {
    return "0123456789abcdef".repeat(4).substring(1);
  }

  /** Of what the task writes. */
  private static String digest(long bytes) {
    MessageDigest digest = LogFollower.sha256();
    byte[] lines = (line() + "\n").repeat(1 << 10).getBytes(StandardCharsets.US_ASCII);
    for (long left = bytes; left > 0; left -= lines.length) {
      digest.update(lines, 0, (int) Math.min(left, lines.length));
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
