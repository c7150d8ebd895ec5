package dev.weft.router.domain.replay;

import dev.weft.router.domain.task.WorkerId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What workers cost when; a worker's first price counts for all time before. */
public final class PriceHistory {

  private final Map<WorkerId, NavigableMap<Instant, Price>> prices = new HashMap<>();

  public PriceHistory(List<Change> changes) {
    changes.forEach(
        one ->
            prices
                .computeIfAbsent(one.worker(), _ -> new TreeMap<>())
                .put(one.since(), one.price()));
  }

  /** From then on a worker cost so much; an empty currency says that no price was known. */
  public record Change(WorkerId worker, Instant since, Price price) {}

  /** Null when none was known. */
  @Nullable Price at(WorkerId worker, Instant time) {
    NavigableMap<Instant, Price> own = prices.get(worker);
    if (own == null) {
      return null;
    }
    Map.Entry<Instant, Price> entry = own.floorEntry(time);
    Price price = (entry == null ? own.firstEntry() : entry).getValue();
    return price.currency().isEmpty() ? null : price;
  }
}
