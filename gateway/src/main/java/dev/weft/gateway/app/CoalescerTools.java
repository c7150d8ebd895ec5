package dev.weft.gateway.app;

import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Time, ids and chance for a {@link SubmitCoalescer}.
 *
 * @param clock by which the ids are minted
 */
public record CoalescerTools(
    IdGenerator ids,
    ServerClock clock,
    Ticker ticker,
    Later later,
    Backoff backoff,
    RandomGenerator random) {

  Duration pause(int failures) {
    return backoff.delay(failures, random);
  }
}
