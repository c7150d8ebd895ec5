package dev.weft.gateway.app;

import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.RateBound;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Several gateways that hold tenants and users to their rates, and the keeper of the buckets. */
final class RateWorld extends KeeperWorld {

  final List<RateGate> gates = new ArrayList<>();
  final List<Link> links = new ArrayList<>();
  private final int gateways;

  /** What a strict bucket of each limit has left that is told of all that is allowed. */
  private final Map<RateBound, Double> references = new HashMap<>();

  /** The least that one had, as so many seconds of its rate. */
  double lowest;

  /** Whether own parts come on top, of the rate and of the bucket. */
  double surplus;

  long allowed;
  long refused;
  long waiting;
  long longestWait;

  RateWorld(long seed, int gateways) {
    super(seed);
    this.gateways = gateways;
    for (int i = 0; i < gateways; i++) {
      Link link = new Link();
      links.add(link);
      gates.add(new RateGate(link, tools()));
    }
  }

  @Override
  void pass(double seconds) {
    long alone = down() ? 0 : gates.stream().filter(RateGate::local).count();
    double share = 1 + alone * surplus / gateways;
    references.replaceAll(
        (bound, left) -> Math.min(full(bound), left + seconds * share * bound.rate().perSecond()));
  }

  private double full(RateBound bound) {
    return bound.limit() * (1 + surplus);
  }

  void acquire(int gateway, List<RateBound> bounds, long amount) {
    long start = ticker.nanos();
    waiting++;
    gates
        .get(gateway)
        .acquire(bounds, amount)
        .thenAccept(
            verdict -> {
              waiting--;
              longestWait = Math.max(longestWait, ticker.nanos() - start);
              if (verdict.allowed()) {
                allowed += amount;
                bounds.forEach(bound -> count(bound, amount));
              } else {
                refused += amount;
              }
            });
  }

  private void count(RateBound bound, long amount) {
    double left = references.getOrDefault(bound, full(bound)) - amount;
    references.put(bound, left);
    lowest = Math.min(lowest, left / bound.rate().perSecond());
  }

  /** One gateway's way to the keeper. */
  final class Link extends Wire implements RateBuckets {

    @Override
    public CompletionStage<List<Grant>> takeAll(List<Draw> draws, long amount) {
      return ask(() -> buckets.answer(draws, amount));
    }
  }
}
