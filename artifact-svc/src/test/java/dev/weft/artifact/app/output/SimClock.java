package dev.weft.artifact.app.output;

import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Time and chance of a simulated world: one thread, one seed. */
final class SimClock implements Ticker {

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final RandomGenerator random;
  private long now;
  private long seq;

  SimClock(long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  private record Event(long at, long seq, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at == other.at ? Long.compare(seq, other.seq) : Long.compare(at, other.at);
    }
  }

  @Override
  public long nanos() {
    return now;
  }

  RandomGenerator random() {
    return random;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** A delay between nothing and this. */
  long upTo(Duration most) {
    return random.nextLong(most.toNanos() + 1);
  }

  void after(long delay, Runnable action) {
    events.add(new Event(now + delay, seq++, action));
  }

  /** Runs until the time; false if nothing is left to happen. */
  boolean runUntil(long time) {
    while (!events.isEmpty() && events.peek().at() <= time) {
      Event event = events.poll();
      now = event.at();
      event.action().run();
    }
    now = Math.max(now, time);
    return !events.isEmpty();
  }
}
