package dev.weft.scaler.domain.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Pools and instances for tests. */
public final class Pools {

  public static final PoolName NAME = new PoolName("sandbox");
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  public static final PoolRules RULES =
      new PoolRules(
          1,
          new PoolRules.Patience(
              Duration.ofMinutes(1),
              Duration.ofMinutes(2),
              Duration.ofSeconds(5),
              Duration.ofSeconds(4)),
          new PoolRules.Drainage(
              Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(20)),
          new RestartPause(
              Duration.ofMinutes(1),
              Duration.ofSeconds(1),
              Duration.ofMinutes(2),
              Duration.ofMinutes(4)));

  private static final AtomicLong IDS = new AtomicLong();

  private Pools() {}

  public static InstanceId id() {
    return new InstanceId("ins_0%025d".formatted(IDS.incrementAndGet()));
  }

  public static String worker(int number) {
    return "sandbox-%02d".formatted(number);
  }

  /** A pool of at most eight. */
  public static PoolSpec spec(int desired) {
    return new PoolSpec(
        NAME,
        "fake",
        new PoolSize(desired, 0, 8),
        IntStream.rangeClosed(1, 10).mapToObj(Pools::worker).toList(),
        RULES);
  }

  /** The first so many names, all running since the start. */
  public static List<Instance> running(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            n ->
                Instance.starting(id(), NAME, worker(n), START, "test")
                    .runBy("m" + n)
                    .knownAs("wkr-" + n)
                    .with(new InstanceState.Running(START, "test")))
        .toList();
  }
}
