package dev.weft.cli.client;

import java.time.Duration;

/**
 * How long a caller keeps trying while no gateway answers.
 *
 * @param patience from the last success
 * @param pause between two tries
 * @param silence of a stream after which it is opened anew; gateways say something every 15 s
 */
public record Pace(Duration patience, Duration pause, Duration silence) {

  /** For people at a terminal. */
  public static Pace standard() {
    return new Pace(Duration.ofSeconds(30), Duration.ofMillis(300), Duration.ofSeconds(40));
  }
}
