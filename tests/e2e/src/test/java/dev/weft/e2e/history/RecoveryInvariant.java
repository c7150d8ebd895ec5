package dev.weft.e2e.history;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** I14: soon after a fault is healed, as much goes through as went through before it. */
final class RecoveryInvariant implements Invariant {

  @Override
  public void check(Run run, Consumer<String> breach) {
    Limits.Recovery bound = run.limits().recovery();
    if (bound == null) {
      return;
    }
    List<Long> accepted = run.all(Operation.Ok.class).map(Operation.Ok::atNanos).sorted().toList();
    run.all(Operation.Healed.class).forEach(healed -> check(run, healed, bound, accepted, breach));
  }

  private static void check(
      Run run,
      Operation.Healed healed,
      Limits.Recovery bound,
      List<Long> accepted,
      Consumer<String> breach) {
    long window = bound.window().toNanos();
    Optional<Operation.Fault> fault =
        run.all(Operation.Fault.class)
            .filter(one -> one.what().equals(healed.what()) && one.number() < healed.number())
            .reduce((one, later) -> later);
    if (fault.isEmpty()) {
      breach.accept("I14: %s was healed and never broken".formatted(healed.what()));
      return;
    }
    long begin = fault.get().atNanos();
    long before = count(accepted, begin - window, begin);
    long from = healed.atNanos() + bound.within().toNanos();
    long after = count(accepted, from, from + window);
    if (before == 0 || after < bound.share() * before) {
      breach.accept(
          "I14: %d accepted in %d ms from %d ms after %s was healed (expected: %.0f %% of %d)"
              .formatted(
                  after,
                  bound.window().toMillis(),
                  bound.within().toMillis(),
                  healed.what(),
                  100 * bound.share(),
                  before));
    }
  }

  private static long count(List<Long> accepted, long from, long until) {
    return accepted.stream().filter(at -> at >= from && at < until).count();
  }
}
