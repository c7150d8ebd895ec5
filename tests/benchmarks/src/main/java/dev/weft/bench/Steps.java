package dev.weft.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How many tasks have come into a state, by the placer's own count of what it has flushed: reading
 * it costs a millisecond, where following a hundred thousand tasks one by one would cost more than
 * they do.
 */
final class Steps {

  private static final long SHORTEST_MILLIS = 10;
  private static final long LONGEST_MILLIS = 200;
  private static final long GIVE_UP_SECONDS = 300;

  private final Mesh mesh;
  private final List<String> routers;

  Steps(Mesh mesh) {
    this.mesh = mesh;
    this.routers = mesh.processes("router-");
  }

  /** Since the routers started. */
  double count(String state) throws IOException {
    double sum = 0;
    for (String router : routers) {
      sum += Scrape.of(mesh, router).sum("weft_task_steps_total", "state=\"" + state + "\"");
    }
    return sum;
  }

  double waiting() throws IOException {
    double sum = 0;
    for (String router : routers) {
      sum += Scrape.of(mesh, router).sum("weft_tasks_waiting", "");
    }
    return sum;
  }

  /**
   * Returns the moment (of {@link System#nanoTime}) at which it was seen that so many have come
   * into the state. Looks more often the nearer the end is, never more than a hundred times a
   * second.
   */
  long await(String state, double wanted) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    double first = count(state);
    double now = first;
    while (now < wanted) {
      long passed = System.nanoTime() - begun;
      if (passed > TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS)) {
        throw new BenchFailure(
            "tasks "
                + state
                + ": "
                + now
                + " (expected: "
                + wanted
                + ") after "
                + GIVE_UP_SECONDS
                + " s");
      }
      double perMilli = (now - first) / Math.max(1, passed / 1e6);
      long ahead = perMilli <= 0 ? SHORTEST_MILLIS : (long) ((wanted - now) / perMilli / 2);
      Thread.sleep(Math.clamp(ahead, SHORTEST_MILLIS, LONGEST_MILLIS));
      now = count(state);
    }
    return System.nanoTime();
  }
}
