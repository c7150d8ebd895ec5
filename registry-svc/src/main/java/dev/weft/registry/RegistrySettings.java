package dev.weft.registry;

import dev.weft.registry.app.FleetWatchers;
import dev.weft.registry.app.WriteBehind;
import dev.weft.registry.domain.fleet.FleetRules;
import dev.weft.registry.domain.health.HealthLayer;
import dev.weft.registry.domain.health.HealthPolicy;
import dev.weft.registry.domain.health.ProbeRule;
import dev.weft.registry.grpc.HeartbeatSettings;
import java.time.Duration;

/** The configuration as each part wants it, after a look at whether it makes sense as a whole. */
record RegistrySettings(
    FleetRules rules,
    HeartbeatSettings heartbeat,
    WriteBehind.Pace writing,
    FleetWatchers.Manners watching) {

  /** How often everybody is judged. */
  static final Duration LOOK = Duration.ofMillis(250);

  /** Longer than {@link #LOOK} by so much that only a stall makes a pause of it. */
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

  /**
   * Longer than PostgreSQL lets a statement or an idle transaction of ours live
   * (application.properties: 5 s each).
   */
  private static final Duration WRITE_PATIENCE = Duration.ofSeconds(30);

  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);

  /** In a row; a worker keeps 16 results, so that the next registry comes to the same verdict. */
  private static final int MOST_PROBES = 8;

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
  private static final int MOST_REMOVALS = 10_000;

  static RegistrySettings of(RegistryConfig.Registry config) {
    Duration beat =
        between(
            "beat-interval", config.beatInterval(), Duration.ofMillis(100), Duration.ofMinutes(1));
    int failures = between("failures", config.failures(), 1, 100);
    Duration silence = between("silence", config.silence(), SECOND, HOUR);
    if (silence.compareTo(beat.multipliedBy(failures + 1L)) <= 0) {
      throw nonsense(
          "silence",
          silence,
          "more than " + (failures + 1) + " beats, " + beat.multipliedBy(failures + 1L));
    }
    HealthLayer layer =
        new HealthLayer(failures, between("recoveries", config.recoveries(), 1, 100));
    HealthPolicy health = new HealthPolicy(beat, layer, layer, application(config), deep(config));
    FleetRules rules =
        new FleetRules(
            health,
            LONGEST_LOOK,
            between(
                "reconnect-grace", config.reconnectGrace(), Duration.ZERO, Duration.ofMinutes(1)),
            silence,
            between("forget-after", config.forgetAfter(), HOUR, Duration.ofDays(3650)),
            between("most-workers", config.mostWorkers(), 1, 1_000_000),
            MOST_REMOVALS);
    return new RegistrySettings(
        rules,
        new HeartbeatSettings(
            health, between("hello-within", config.helloWithin(), SECOND, Duration.ofMinutes(5))),
        new WriteBehind.Pace(
            between("statistics-interval", config.statisticsInterval(), SECOND, HOUR),
            PAUSE_AFTER_FAILURE,
            WRITE_PATIENCE),
        new FleetWatchers.Manners(
            between("watch-idle", config.watchIdle(), SECOND, Duration.ofMinutes(5)),
            between("watch-slow", config.watchSlow(), SECOND, Duration.ofMinutes(5)),
            between("most-watchers", config.mostWatchers(), 1, 10_000)));
  }

  private static ProbeRule application(RegistryConfig.Registry config) {
    var rule = config.application();
    return probe(
        "application", rule.interval(), rule.timeout(), rule.failures(), rule.recoveries());
  }

  private static ProbeRule deep(RegistryConfig.Registry config) {
    var rule = config.deep();
    return probe("deep", rule.interval(), rule.timeout(), rule.failures(), rule.recoveries());
  }

  private static ProbeRule probe(
      String name, Duration interval, Duration timeout, int failures, int recoveries) {
    return new ProbeRule(
        between(name + ".interval", interval, SECOND, HOUR),
        between(name + ".timeout", timeout, SHORTEST_TIMEOUT, interval),
        new HealthLayer(
            between(name + ".failures", failures, 1, MOST_PROBES),
            between(name + ".recoveries", recoveries, 1, MOST_PROBES)));
  }

  private static Duration between(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw nonsense(name, value, least + " to " + most);
    }
    return value;
  }

  private static int between(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw nonsense(name, value, least + " to " + most);
    }
    return value;
  }

  private static IllegalArgumentException nonsense(String name, Object value, String expected) {
    return new IllegalArgumentException(
        "weft.registry." + name + ": " + value + " (expected: " + expected + ")");
  }
}
