package dev.weft.router.domain.cost;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The table of what models' tokens cost, with what it said before: an attempt's tokens cost what
 * their models did when it was leased, so that no change alters what was. Immutable.
 */
public final class ModelPrices {

  /** Models with a price at once. */
  public static final int MOST_MODELS = 1_000;

  public static final ModelPrices NONE = new ModelPrices(List.of());

  private final Map<String, NavigableMap<Instant, DatedPrice>> byModel = new HashMap<>();
  private final long first;
  private final long version;

  /**
   * @param changes in any order
   */
  public ModelPrices(Collection<DatedPrice> changes) {
    for (DatedPrice change : changes) {
      byModel
          .computeIfAbsent(change.price().model(), model -> new TreeMap<>())
          .put(change.since(), change);
    }
    this.first = changes.stream().mapToLong(DatedPrice::version).min().orElse(0);
    this.version = changes.stream().mapToLong(DatedPrice::version).max().orElse(0);
  }

  /** Of the newest change; 0 without any. */
  public long version() {
    return version;
  }

  /** The oldest of which {@link #table} can tell. */
  public long first() {
    return first;
  }

  /** For an attempt that was leased then; empty for a model without a price. */
  public Optional<ModelPrice> at(String model, Instant leased) {
    NavigableMap<Instant, DatedPrice> known = byModel.get(model);
    Map.Entry<Instant, DatedPrice> then = known == null ? null : known.floorEntry(leased);
    return then == null
        ? Optional.empty()
        : Optional.of(then.getValue().price()).filter(ModelPrice::isSet);
  }

  /** The prices as they were at this version, by model. */
  public List<DatedPrice> table(long at) {
    return byModel.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(entry -> last(entry.getValue(), at).stream())
        .filter(change -> change.price().isSet())
        .toList();
  }

  /** What a model costs now; empty without a price. */
  public Optional<DatedPrice> now(String model) {
    NavigableMap<Instant, DatedPrice> known = byModel.get(model);
    return known == null
        ? Optional.empty()
        : Optional.of(known.lastEntry().getValue()).filter(change -> change.price().isSet());
  }

  private static Optional<DatedPrice> last(NavigableMap<Instant, DatedPrice> changes, long at) {
    return changes.descendingMap().values().stream()
        .filter(change -> change.version() <= at)
        .findFirst();
  }

  /** What an attempt that was leased then used, of models with a price in this currency. */
  public Charge charge(TokenUse use, Instant leased, String currency) {
    Charge sum = Charge.NONE;
    for (Map.Entry<String, TokenCount> each : use.models().entrySet()) {
      Optional<ModelPrice> price = at(each.getKey(), leased);
      if (price.isPresent() && price.get().currency().equals(currency)) {
        sum = sum.plus(price.get().charge(each.getValue()));
      }
    }
    return sum;
  }
}
