package dev.weft.router.app;

import dev.weft.router.app.CostPage.Line;
import dev.weft.router.app.CostPage.Models;
import dev.weft.router.app.CostPage.Place;
import dev.weft.router.app.CostPage.UnpricedWorker;
import dev.weft.router.app.CostPage.Work;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.CostGroup;
import dev.weft.router.domain.cost.ModelPrice;
import dev.weft.router.domain.cost.ModelPrices;
import dev.weft.router.domain.cost.SeenPrice;
import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** What costs are, without a database: the rules said once more, to hold the store against. */
public final class CostModel {

  /** One attempt that ran. */
  public record Ran(
      TaskId task,
      String tenant,
      PriorityClass priority,
      WorkerId worker,
      Instant started,
      Instant ended,
      TokenUse tokens) {}

  /** Each worker's prices by the time from which they count. */
  private final Map<WorkerId, NavigableMap<Instant, SeenPrice>> prices = new HashMap<>();

  private ModelPrices modelPrices = ModelPrices.NONE;

  /** What models' tokens cost. */
  public void models(ModelPrices now) {
    modelPrices = now;
  }

  /** A first price counts for all time before. */
  public void price(SeenPrice price, Instant now) {
    NavigableMap<Instant, SeenPrice> known =
        prices.computeIfAbsent(price.worker(), worker -> new TreeMap<>());
    if (known.isEmpty()) {
      known.put(Instant.MIN, price);
      return;
    }
    SeenPrice last = known.lastEntry().getValue();
    if (last.microsPerHour() != price.microsPerHour()
        || !last.currency().equals(price.currency())) {
      Instant seen = now.minus(price.ago());
      Instant after = known.lastKey();
      known.put(seen.isAfter(after) ? seen : after.plus(1, ChronoUnit.MICROS), price);
    }
  }

  /** All lines, by key and currency; tasks newest first. */
  public List<Line> lines(List<Ran> attempts, CostGroup by, Instant since, Instant until) {
    Map<Place, Sum> sums = new TreeMap<>(order(by));
    for (Ran ran : attempts) {
      if (!ran.started.isBefore(until)
          || !(ran.ended.isAfter(since) || !ran.started.isBefore(since))) {
        continue;
      }
      Instant low = ran.started.isAfter(since) ? ran.started : since;
      Instant high = ran.ended.isBefore(until) ? ran.ended : until;
      for (Part part : by == CostGroup.DAY ? days(low, high) : List.of(new Part(low, high))) {
        addTo(sums, key(by, ran, part), ran, part);
      }
    }
    List<Line> lines = new ArrayList<>();
    sums.forEach((place, sum) -> lines.add(sum.line(place)));
    return lines;
  }

  /** Tokens of another currency than the worker's lie in a line of their own. */
  private void addTo(Map<Place, Sum> sums, String key, Ran ran, Part part) {
    Optional<SeenPrice> price = priceOf(ran);
    String currency = price.map(SeenPrice::currency).orElse("");
    Map<String, SortedMap<String, TokenCount>> uses = new TreeMap<>();
    uses.put(currency, new TreeMap<>());
    if (part.low.equals(ran.started)) {
      ran.tokens
          .models()
          .forEach(
              (model, count) ->
                  uses.computeIfAbsent(
                          modelPrices
                              .at(model, ran.started)
                              .map(ModelPrice::currency)
                              .orElse(currency),
                          each -> new TreeMap<>())
                      .put(model, count));
    }
    uses.forEach(
        (in, use) -> {
          Sum sum = sums.computeIfAbsent(new Place(key, in), each -> new Sum());
          sum.attempt(ran, price);
          sum.tokens(use, ran.started, modelPrices);
          if (in.equals(currency)) {
            sum.time(part, price);
          }
        });
  }

  private static Comparator<Place> order(CostGroup by) {
    Comparator<Place> keys = Comparator.comparing(Place::key);
    return (by == CostGroup.TASK ? keys.reversed() : keys).thenComparing(Place::currency);
  }

  private Optional<SeenPrice> priceOf(Ran ran) {
    return price(ran.worker, ran.started);
  }

  /** What counts for an attempt that was leased at this time; empty when no price was ever seen. */
  public Optional<SeenPrice> price(WorkerId worker, Instant leased) {
    NavigableMap<Instant, SeenPrice> known = prices.get(worker);
    Map.Entry<Instant, SeenPrice> then = known == null ? null : known.floorEntry(leased);
    return then == null ? Optional.empty() : Optional.of(then.getValue());
  }

  private static List<Part> days(Instant low, Instant high) {
    List<Part> parts = new ArrayList<>();
    Instant from = low;
    do {
      Instant midnight = from.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
      parts.add(new Part(from, midnight.isBefore(high) ? midnight : high));
      from = midnight;
    } while (from.isBefore(high));
    return parts;
  }

  private static String key(CostGroup by, Ran ran, Part part) {
    return switch (by) {
      case TASK -> ran.task.toString();
      case TENANT -> ran.tenant;
      case WORKER -> ran.worker.uuid().toString();
      case DAY -> part.low.toString().substring(0, 10);
      case CLASS -> ran.priority.name();
    };
  }

  private record Part(Instant low, Instant high) {}

  private static final class Sum {
    private final Set<TaskId> tasks = new HashSet<>();
    private final Map<WorkerId, String> workers = new HashMap<>();
    private long attempts;
    private Duration time = Duration.ZERO;
    private Charge charge = Charge.NONE;
    private TokenCount tokens = TokenCount.NONE;
    private Models models = Models.NONE;
    private String name = "";

    void time(Part part, Optional<SeenPrice> price) {
      Duration length = Duration.between(part.low, part.high);
      time = time.plus(length);
      charge = charge.plus(Charge.of(price.map(SeenPrice::microsPerHour).orElse(0L), length));
    }

    void tokens(Map<String, TokenCount> use, Instant leased, ModelPrices prices) {
      use.forEach(
          (model, count) -> {
            tokens = tokens.plus(count);
            Optional<ModelPrice> price = prices.at(model, leased);
            models =
                price
                    .map(
                        known ->
                            new Models(
                                models.charge().plus(known.charge(count)),
                                models.unpriced(),
                                models.unpricedModel()))
                    .orElseGet(
                        () ->
                            new Models(
                                models.charge(),
                                models.unpriced().plus(count),
                                max(models.unpricedModel(), model)));
          });
    }

    private static String max(String one, String other) {
      return one.compareTo(other) > 0 ? one : other;
    }

    void attempt(Ran ran, Optional<SeenPrice> price) {
      tasks.add(ran.task);
      attempts++;
      name = price.map(SeenPrice::name).filter(each -> each.compareTo(name) > 0).orElse(name);
      workers.put(ran.worker, price.map(SeenPrice::name).orElse(""));
    }

    Line line(Place place) {
      Function<Map.Entry<WorkerId, String>, UnpricedWorker> worker =
          entry -> new UnpricedWorker(entry.getKey(), entry.getValue());
      List<UnpricedWorker> unpriced =
          place.currency().isEmpty()
              ? workers.entrySet().stream()
                  .map(worker)
                  .sorted(Comparator.comparing(each -> each.id().uuid().toString()))
                  .limit(CostReader.MOST_UNPRICED)
                  .toList()
              : List.of();
      return new Line(
          place, name, new Work(tasks.size(), attempts, time, tokens), charge, models, unpriced);
    }
  }
}
