package dev.weft.router.domain.replay;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Prices times times, by currency; several currencies are never added.
 *
 * @param unpriced how many had no price
 */
public record Spending(SortedMap<String, Charge> charges, long unpriced) {

  /** What attempts cost. */
  static Spending ofRuns(List<Outcome> outcomes) {
    SortedMap<String, Charge> sums = new TreeMap<>();
    long unpriced = 0;
    for (Outcome outcome : outcomes) {
      for (Outcome.Run run : outcome.runs()) {
        Price price = run.price();
        if (price == null) {
          unpriced++;
        } else {
          add(sums, price, Duration.ofNanos(run.endedAt() - run.startedAt()));
        }
      }
    }
    return new Spending(sums, unpriced);
  }

  /** What a fleet costs while it is there, busy or not. */
  static Spending ofFleet(FleetHistory fleet, Instant until) {
    SortedMap<String, Charge> sums = new TreeMap<>();
    Map<WorkerId, FleetEvent> there = new HashMap<>();
    for (FleetEvent event : fleet.events()) {
      settle(sums, there.remove(event.worker()), event.at());
      there.put(event.worker(), event);
    }
    there.values().forEach(event -> settle(sums, event, until));
    long unpriced =
        fleet.workers().stream()
            .filter(worker -> worker.view().site().currency().isEmpty())
            .count();
    return new Spending(sums, unpriced);
  }

  private static void settle(
      SortedMap<String, Charge> sums, @Nullable FleetEvent from, Instant until) {
    if (from != null && from.profile() != null) {
      Site site = from.profile().view().site();
      if (!site.currency().isEmpty() && until.isAfter(from.at())) {
        add(
            sums,
            new Price(site.microsPerHour(), site.currency()),
            Duration.between(from.at(), until));
      }
    }
  }

  private static void add(SortedMap<String, Charge> sums, Price price, Duration time) {
    sums.merge(price.currency(), Charge.of(price.microsPerHour(), time), Charge::plus);
  }
}
