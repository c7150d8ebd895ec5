package dev.weft.registry.app;

import dev.weft.platform.error.MeshException;
import dev.weft.platform.telemetry.LogKeys;
import dev.weft.platform.time.Ticker;
import dev.weft.registry.domain.fleet.Fleet;
import dev.weft.registry.domain.fleet.FleetChange;
import dev.weft.registry.domain.fleet.Revision;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Everybody who watches the fleet. All telling happens on one executor, which runs one task at a
 * time; so a worker's beat never waits for a watcher, nor a watcher for another.
 */
public final class FleetWatchers {

  private static final Logger LOG = Logger.getLogger(FleetWatchers.class);

  private final FleetKeeper keeper;
  private final Executor executor;
  private final Ticker ticker;
  private final Manners manners;
  private final Map<Watcher, FleetWatch> watches = new LinkedHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicBoolean due = new AtomicBoolean();

  /**
   * What watchers can expect and what is expected of them.
   *
   * @param idle after how long without a change they are told so
   * @param slow how long one may keep everything waiting
   * @param most how many there may be
   */
  public record Manners(Duration idle, Duration slow, int most) {}

  /** The executor must run one task at a time, in order. */
  public FleetWatchers(FleetKeeper keeper, Executor executor, Ticker ticker, Manners manners) {
    this.keeper = keeper;
    this.executor = executor;
    this.ticker = ticker;
    this.manners = manners;
    keeper.onChange(this::wake);
  }

  /**
   * Begins a watch, or says why not.
   *
   * @param after the last revision that the watcher saw; 0 to start with every worker
   * @param epoch of that revision; 0 if the watcher does not say
   */
  public void open(long after, long epoch, Watcher watcher) {
    if (after < 0) {
      throw MeshException.invalidField("after_revision", after, ">= 0");
    }
    if (count.incrementAndGet() > manners.most()) {
      count.decrementAndGet();
      throw new MeshException(
              RegistryReason.TOO_MANY_WATCHERS,
              "watchers: one too many (expected: at most " + manners.most() + ")")
          .with("most", manners.most());
    }
    try {
      FleetWatch watch = keeper.read(fleet -> begin(fleet, after, epoch, watcher));
      run(
          () -> {
            watches.put(watcher, watch);
            pump(watch);
          });
    } catch (RuntimeException e) {
      count.decrementAndGet();
      throw e;
    }
  }

  /** The watcher takes steps again. */
  public void ready(Watcher watcher) {
    run(
        () -> {
          FleetWatch watch = watches.get(watcher);
          if (watch != null) {
            pump(watch);
          }
        });
  }

  /** The watcher has gone. */
  public void gone(Watcher watcher) {
    run(() -> remove(watcher));
  }

  /** There may be news for everybody. */
  public void wake() {
    if (due.compareAndSet(false, true)) {
      run(
          () -> {
            due.set(false);
            List.copyOf(watches.values()).forEach(this::pump);
          });
    }
  }

  /** Looks after idle and slow watchers; to be called about once a second. */
  public void tick() {
    run(() -> List.copyOf(watches.values()).forEach(this::lookAfter));
  }

  public int count() {
    return count.get();
  }

  private void run(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debugf("the process is ending, nobody is told any more: %s=%s", LogKeys.ERROR, e);
    }
  }

  private FleetWatch begin(Fleet fleet, long after, long epoch, Watcher watcher) {
    if (after == 0) {
      List<FleetChange> everybody =
          fleet.all().stream().<FleetChange>map(FleetChange.Seen::new).toList();
      return new FleetWatch(watcher, fleet, everybody, ticker.nanos());
    }
    boolean sameEpoch =
        Revision.epochOf(after) == fleet.epoch() && (epoch == 0 || epoch == fleet.epoch());
    if (!sameEpoch || !fleet.reaches(after)) {
      throw new MeshException(
              RegistryReason.CURSOR_TOO_OLD,
              "after_revision: "
                  + after
                  + " (expected: a revision of epoch "
                  + fleet.epoch()
                  + " that is still known)")
          .with("after_revision", after)
          .with("epoch", fleet.epoch());
    }
    List<FleetChange> missed = fleet.changesAfter(after, Integer.MAX_VALUE);
    return new FleetWatch(watcher, fleet, missed, ticker.nanos());
  }

  private void pump(FleetWatch watch) {
    if (!keeper.peek(fleet -> fleet == watch.fleet()).orElse(false)) {
      end(watch, keeper.notHolder());
      return;
    }
    guarded(watch, () -> watch.pump(keeper, ticker.nanos()));
  }

  private void lookAfter(FleetWatch watch) {
    pump(watch);
    long quiet = watch.quietNanos(ticker.nanos());
    if (watch.behind(keeper)) {
      if (quiet >= manners.slow().toNanos()) {
        end(
            watch,
            new MeshException(
                    RegistryReason.SLOW_CONSUMER,
                    "watch: nothing was read for "
                        + manners.slow()
                        + " (expected: that it is read)")
                .with("slow", manners.slow()));
      }
    } else if (quiet >= manners.idle().toNanos() && watch.watcher().ready()) {
      guarded(watch, () -> watch.tellIdle(ticker.nanos()));
    }
  }

  /** A watcher that fails ends its own watch only. */
  private void guarded(FleetWatch watch, Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException e) {
      LOG.debugf(e, "watcher failed, its watch ends: %s=%s", LogKeys.ERROR, e);
      remove(watch.watcher());
    }
  }

  private void end(FleetWatch watch, MeshException why) {
    if (remove(watch.watcher())) {
      watch.watcher().end(why);
    }
  }

  private boolean remove(Watcher watcher) {
    FleetWatch watch = watches.remove(watcher);
    if (watch == null) {
      return false;
    }
    watch.finish();
    count.decrementAndGet();
    return true;
  }
}
