package dev.weft.scaler.app;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.telemetry.LogKeys;
import dev.weft.platform.time.Ticker;
import dev.weft.scaler.app.PoolStore.Change;
import dev.weft.scaler.domain.plan.FleetSight;
import dev.weft.scaler.domain.plan.Machines;
import dev.weft.scaler.domain.plan.Plan;
import dev.weft.scaler.domain.plan.PoolReconciler;
import dev.weft.scaler.domain.plan.PoolSight;
import dev.weft.scaler.domain.pool.InstanceId;
import dev.weft.scaler.domain.pool.PoolName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the pools of this replica's term as the active scaler. What is decided is stored first,
 * under the term's epoch, and done then; so a step that was begun is always known to whoever comes
 * next. Safe for threads: one at a time is inside, and reading waits for nobody.
 */
public final class PoolKeeper {

  private static final Logger LOG = Logger.getLogger(PoolKeeper.class);
  private static final Duration TRY_AGAIN = Duration.ofMillis(500);

  private final Surroundings around;
  private final Ticker ticker;
  private final Supplier<InstanceId> ids;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Term term;
  private volatile @Nullable List<PoolView> shown;

  /** All that the keeper reaches out to. */
  public record Surroundings(
      PoolCatalog catalog,
      PoolStore store,
      Capacity capacity,
      FleetView fleet,
      Holding holding,
      Listener listener) {}

  /** Counts what happens. */
  public interface Listener {
    void acted(ScalingAction action);

    void storeFailed();
  }

  public PoolKeeper(Surroundings around, Ticker ticker, Supplier<InstanceId> ids) {
    this.around = around;
    this.ticker = ticker;
    this.ids = ids;
  }

  /**
   * The term begins with what the catalogue and the store know.
   *
   * @return how many pools there are
   */
  public int begin(long epoch) {
    lock.lock();
    try {
      Term begun = new Term(epoch, around.catalog().pools(), around.store().load(), ticker);
      term = begun;
      show(begun);
      return begun.pools().size();
    } finally {
      lock.unlock();
    }
  }

  /** The term is over; machines go on. */
  public void end() {
    lock.lock();
    try {
      term = null;
      shown = null;
    } finally {
      lock.unlock();
    }
  }

  /** Looks at every pool and does what is due; to be called about twice a second. */
  public void round() {
    lock.lock();
    try {
      Term current = term;
      if (current == null) {
        return;
      }
      if (current.inDoubt()) {
        current = new Term(current.epoch(), current.specs(), around.store().load(), ticker);
        term = current;
        show(current);
        LOG.infof("pools are stored again: %s=%d", LogKeys.EPOCH, current.epoch());
      }
      FleetSight fleet = around.fleet().look();
      for (PoolState pool : current.pools()) {
        keep(current, pool, fleet);
        if (current.inDoubt()) {
          return;
        }
      }
    } catch (StoreException e) {
      around.listener().storeFailed();
      LOG.debugf("pools not read, tried again: %s=%s", LogKeys.ERROR, e);
    } finally {
      lock.unlock();
    }
  }

  private void keep(Term current, PoolState pool, FleetSight fleet) {
    Optional<Machines> machines = around.capacity().machines(pool);
    if (machines.isEmpty()) {
      return;
    }
    PoolSight sight =
        new PoolSight(
            pool.spec(), pool.live(), pool.restarts(), machines.get(), fleet, pool.drained);
    Plan plan = PoolReconciler.reconcile(sight, current.now(), ids);
    if (!plan.isEmpty()) {
      Change change = pool.change(plan, current.now());
      if (!save(current, pool, change)) {
        return;
      }
      change.actions().forEach(around.listener()::acted);
      around.capacity().carryOut(pool, plan);
    }
    around.capacity().askForDrains(pool, fleet, current.now());
  }

  private boolean save(Term current, PoolState pool, Change change) {
    try {
      if (around.store().save(current.epoch(), change) == SaveOutcome.EPOCH_OVER) {
        around.holding().over(current.epoch());
        term = null;
        shown = null;
        current.doubt();
        return false;
      }
    } catch (StoreException e) {
      around.listener().storeFailed();
      LOG.warnf(
          "pools not stored, nothing is started or ended until they are: %s=%s", LogKeys.ERROR, e);
      current.doubt();
      return false;
    }
    pool.saved(change);
    show(current);
    return true;
  }

  /** Every pool, by name. */
  public List<PoolView> list() {
    List<PoolView> views = shown;
    if (views == null) {
      throw notHolder();
    }
    return views;
  }

  public PoolView get(String name) {
    return list().stream()
        .filter(view -> view.spec().name().text().equals(name))
        .findFirst()
        .orElseThrow(() -> notFound(name));
  }

  /** Sets the desired size; durable when it returns. */
  public PoolView resize(String name, long desired) {
    lock.lock();
    try {
      var size = get(name).spec().size();
      if (desired > Integer.MAX_VALUE || !size.allows((int) desired)) {
        throw MeshException.invalidField("desired", desired, size.least() + " to " + size.most());
      }
      Term current = term;
      if (current == null || current.inDoubt()) {
        throw unavailable("the scaler's database is away");
      }
      PoolState pool = current.pool(new PoolName(name));
      if (size.desired() != desired && !save(current, pool, pool.change((int) desired))) {
        throw term == null ? notHolder() : unavailable("the scaler's database is away");
      }
      return pool.view();
    } finally {
      lock.unlock();
    }
  }

  /** Deletes what is older; to be called now and then. */
  public int forget(Duration age, int most) {
    Term current = term;
    return current == null ? 0 : around.store().forget(current.epoch(), age, most);
  }

  /** The epoch, if this replica is the active scaler and has loaded its pools. */
  public Optional<Long> epoch() {
    Term current = term;
    return current == null ? Optional.empty() : Optional.of(current.epoch());
  }

  private void show(Term current) {
    shown = current.pools().stream().map(PoolState::view).toList();
  }

  private MeshException notHolder() {
    if (around.holding().mine()) {
      return unavailable("the scaler is being loaded");
    }
    MeshException why =
        new MeshException(CommonReason.NOT_HOLDER, "this replica is not the active scaler");
    String address = around.holding().address();
    return address.isEmpty() ? why.retryAfter(TRY_AGAIN) : why.with("address", address);
  }

  private static MeshException unavailable(String why) {
    return new MeshException(CommonReason.UNAVAILABLE, why).retryAfter(TRY_AGAIN);
  }

  private static MeshException notFound(String name) {
    return new MeshException(
            ScalerReason.POOL_NOT_FOUND, "name: " + name + " (expected: the name of a pool)")
        .with("name", name);
  }
}
