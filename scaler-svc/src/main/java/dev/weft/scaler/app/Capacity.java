package dev.weft.scaler.app;

import dev.weft.platform.telemetry.LogKeys;
import dev.weft.scaler.app.Drains.Progress;
import dev.weft.scaler.domain.plan.Action;
import dev.weft.scaler.domain.plan.FleetSight;
import dev.weft.scaler.domain.plan.Machines;
import dev.weft.scaler.domain.plan.Plan;
import dev.weft.scaler.domain.plan.WorkerSeen;
import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.InstanceState.Draining;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Carries out what was decided: the providers by their kind, and the placer. */
public final class Capacity {

  private static final Logger LOG = Logger.getLogger(Capacity.class);

  private final Map<String, CapacityProvider> providers;
  private final Drains drains;
  private final Duration patience;

  /**
   * @param patience how long a round waits for the placer's answers
   */
  public Capacity(List<CapacityProvider> providers, Drains drains, Duration patience) {
    this.providers =
        providers.stream().collect(Collectors.toMap(CapacityProvider::kind, Function.identity()));
    this.drains = drains;
    this.patience = patience;
  }

  /** What runs of the pool; empty if its provider does not answer, so that nobody is judged. */
  Optional<Machines> machines(PoolState pool) {
    try {
      var handles = provider(pool).machines(pool.spec().name());
      pool.providerAway = false;
      return Optional.of(new Machines(handles, pool.failures));
    } catch (CapacityException e) {
      if (!pool.providerAway) {
        pool.providerAway = true;
        LOG.warnf(
            "a pool's machines are not known, it is left as it is until they are: pool=%s %s=%s",
            pool.spec().name(), LogKeys.ERROR, e);
      }
      return Optional.empty();
    }
  }

  /** Does what is stored by now. A step that fails is seen, and repeated or given up, next time. */
  void carryOut(PoolState pool, Plan plan) {
    CapacityProvider provider = provider(pool); // It has named the machines a moment ago.
    for (Action action : plan.actions()) {
      Instance one = action.instance();
      try {
        carryOut(provider, pool, action);
      } catch (CapacityException e) {
        LOG.warnf(
            "a step failed: pool=%s worker=%s %s=%s",
            one.pool(), one.worker(), LogKeys.ERROR, e.getMessage());
        if (action instanceof Action.Start) {
          pool.failures.put(one.worker(), "did not start: " + e.getMessage());
        }
      }
    }
  }

  private static void carryOut(CapacityProvider provider, PoolState pool, Action action) {
    Instance one = action.instance();
    switch (action) {
      case Action.Start start -> {
        LOG.infof(
            "worker started: pool=%s worker=%s %s=%s",
            one.pool(), one.worker(), LogKeys.REASON, start.reason());
        pool.failures.remove(one.worker());
        provider.start(one.pool(), one.worker());
      }
      case Action.Drain drain ->
          LOG.infof(
              "worker drained: pool=%s worker=%s %s=%s",
              one.pool(), one.worker(), LogKeys.REASON, drain.reason());
      case Action.Stop _ -> provider.stop(one.pool(), one.worker(), one.handle());
      case Action.Kill _ -> provider.kill(one.pool(), one.worker(), one.handle());
      case Action.Over over -> {
        LOG.infof(
            "worker ended: pool=%s worker=%s %s=%s",
            one.pool(), one.worker(), LogKeys.REASON, one.state().detail());
        if (over.wished()) {
          provider.release(one.pool(), one.worker(), one.handle());
        }
      }
      case Action.Note _ -> {}
    }
  }

  /** Asks the placer about all that drain, at once, and notes what it says in time. */
  void askForDrains(PoolState pool, FleetSight fleet, Instant now) {
    Map<Instance, CompletableFuture<Progress>> asked = new LinkedHashMap<>();
    for (Instance one : pool.live()) {
      if (one.state() instanceof Draining draining && !pool.drained.contains(one.id())) {
        Duration left = Duration.between(now, draining.deadline());
        workerId(one, fleet)
            .ifPresent(
                id ->
                    asked.put(
                        one,
                        drains
                            .drain(id, left.isNegative() ? Duration.ZERO : left)
                            .toCompletableFuture()
                            .completeOnTimeout(
                                Progress.DRAINING, patience.toNanos(), TimeUnit.NANOSECONDS)
                            .exceptionally(failure -> Progress.DRAINING)));
      }
    }
    asked.forEach(
        (one, answer) -> {
          if (answer.join() != Progress.DRAINING) {
            pool.drained.add(one.id());
          }
        });
  }

  private CapacityProvider provider(PoolState pool) {
    CapacityProvider provider = providers.get(pool.spec().provider());
    if (provider == null) {
      throw new CapacityException(
          "provider: %s (expected one of: %s)"
              .formatted(pool.spec().provider(), providers.keySet()));
    }
    return provider;
  }

  private static Optional<String> workerId(Instance one, FleetSight fleet) {
    return one.workerId().isEmpty()
        ? fleet.find(one.worker()).map(WorkerSeen::id)
        : Optional.of(one.workerId());
  }
}
