package dev.weft.bench;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How many tasks have ended per second, over the last second, also while routers die and come back:
 * a new process counts from zero, and one that does not answer adds nothing.
 */
final class EndRate {

  private static final long WINDOW = TimeUnit.SECONDS.toNanos(1);

  private record Point(long at, double total) {}

  private final Mesh mesh;
  private final String state;
  private final Map<String, Double> last = new HashMap<>();
  private final Deque<Point> points = new ArrayDeque<>();
  private double total;

  /**
   * @param state of the steps that count
   */
  EndRate(Mesh mesh, String state) {
    this.mesh = mesh;
    this.state = state;
  }

  /** Looks; how many in all since the first look. */
  double look() {
    for (String router : mesh.processes("router-")) {
      double now = count(router);
      Double before = last.put(router, now);
      if (before != null) {
        total += now >= before ? now - before : now;
      }
    }
    long at = System.nanoTime();
    points.add(new Point(at, total));
    while (points.size() > 2 && at - points.getFirst().at > WINDOW) {
      points.removeFirst();
    }
    return total;
  }

  double perSecond() {
    Point first = points.getFirst();
    Point newest = points.getLast();
    return newest.at - first.at < WINDOW / 2
        ? 0
        : (newest.total - first.total) / ((newest.at - first.at) / 1e9);
  }

  /** As before while it does not answer. */
  private double count(String router) {
    try {
      return Scrape.of(mesh, router).sum("weft_task_steps_total", "state=\"" + state + "\"");
    } catch (IOException | BenchFailure e) {
      return last.getOrDefault(router, 0.0);
    }
  }
}
