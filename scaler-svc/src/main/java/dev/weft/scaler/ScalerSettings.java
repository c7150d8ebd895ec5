package dev.weft.scaler;

import dev.weft.scaler.domain.pool.PoolRules;
import dev.weft.scaler.domain.pool.RestartPause;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The configuration as each part wants it, after a look at whether it makes sense as a whole. */
record ScalerSettings(PoolRules rules, Duration look, Duration keep, Optional<Local> local) {

  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  /** The registry keeps the state of a worker whose stream closed for 2 s. */
  private static final Duration OLD_VIEW = Duration.ofSeconds(4);

  /** For the placer to end what still runs at a drain's deadline, and to say so. */
  private static final Duration DRAIN_SLACK = Duration.ofSeconds(10);

  /** Where local workers are. */
  record Local(Path recipes, Path run) {}

  static ScalerSettings of(ScalerConfig.Scaler config) {
    Duration most = between("most-pause", config.mostPause(), SECOND, HOUR);
    PoolRules rules =
        new PoolRules(
            between("surge", config.surge()),
            new PoolRules.Patience(
                between("start-limit", config.startLimit(), SECOND, HOUR),
                between("silence", config.silence(), SECOND, Duration.ofDays(1)),
                between("replace-drained-after", config.replaceDrainedAfter(), SECOND, HOUR),
                OLD_VIEW),
            new PoolRules.Drainage(
                between("drain-grace", config.drainGrace(), Duration.ZERO, Duration.ofDays(1)),
                DRAIN_SLACK,
                between("stop-limit", config.stopLimit(), SECOND, HOUR)),
            new RestartPause(
                between("fast-death", config.fastDeath(), SECOND, HOUR),
                between("first-pause", config.firstPause(), MILLI, most),
                most,
                most.multipliedBy(2)));
    return new ScalerSettings(
        rules,
        between(
            "look-interval",
            config.lookInterval(),
            MILLI.multipliedBy(50),
            SECOND.multipliedBy(10)),
        between("keep", config.keep(), HOUR, Duration.ofDays(3650)),
        local(config));
  }

  private static Optional<Local> local(ScalerConfig.Scaler config) {
    if (config.poolsDir().isPresent() != config.runDir().isPresent()) {
      throw nonsense("pools-dir", config.poolsDir(), "set together with run-dir");
    }
    return config.poolsDir().map(recipes -> new Local(recipes, config.runDir().orElseThrow()));
  }

  private static int between(String name, int value) {
    if (value < 0 || value > 100) {
      throw nonsense(name, value, "0 to 100");
    }
    return value;
  }

  private static Duration between(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw nonsense(name, value, least + " to " + most);
    }
    return value;
  }

  private static IllegalArgumentException nonsense(String name, Object value, String expected) {
    return new IllegalArgumentException(
        "weft.scaler." + name + ": " + value + " (expected: " + expected + ")");
  }
}
