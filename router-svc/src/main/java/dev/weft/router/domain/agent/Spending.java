package dev.weft.router.domain.agent;

import dev.weft.router.domain.cost.Charge;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an agent's bodies cost. By currency; the empty one is time on workers without a price.
 *
 * @param ended of bodies that are over
 * @param present times of the present body on workers
 */
public record Spending(SortedMap<String, Charge> ended, List<Stay> present) {

  public static final Spending NONE = new Spending(Collections.emptySortedMap(), List.of());

  public Spending {
    ended = Collections.unmodifiableSortedMap(new TreeMap<>(ended));
    present = List.copyOf(present);
  }

  /**
   * A body's time on one worker, by the price at its lease.
   *
   * @param currency empty without a price
   * @param until empty while it is there
   */
  public record Stay(String currency, long microsPerHour, Instant since, Optional<Instant> until) {

    Charge charge(Instant now) {
      Duration stayed = Duration.between(since, until.orElse(now));
      return Charge.of(microsPerHour, stayed.isNegative() ? Duration.ZERO : stayed);
    }
  }

  /** All of it until then. */
  public SortedMap<String, Charge> by(Instant now) {
    SortedMap<String, Charge> all = new TreeMap<>(ended);
    present.forEach(stay -> all.merge(stay.currency(), stay.charge(now), Charge::plus));
    return all;
  }

  /** Micros by which it grows in an hour. */
  public long perHour(String currency) {
    return present.stream()
        .filter(stay -> stay.until().isEmpty() && stay.currency().equals(currency))
        .mapToLong(Stay::microsPerHour)
        .sum();
  }

  /** The present body is over. */
  Spending settled(Instant now) {
    return new Spending(by(now), List.of());
  }
}
