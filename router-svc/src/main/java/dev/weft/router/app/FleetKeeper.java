package dev.weft.router.app;

import dev.weft.platform.time.Ticker;
import dev.weft.router.domain.cell.CellView;
import dev.weft.router.domain.fleet.PresentWorker;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.replay.FleetEvent.Presence;
import dev.weft.router.domain.replay.FleetWorker;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the fleet's history on the replica that holds the cell: looks once a second whether who is
 * there has changed, which costs the cell one comparison, and stores what has. A new holder first
 * gives workers time to come back, then says who did not.
 */
public final class FleetKeeper implements AutoCloseable {
  private static final long LOOK_SECONDS = 5;
  private static final long UNSEEN = -1;
  private static final int LATENCY_STEP_MILLIS = 25;
  static final Duration SETTLING = Duration.ofSeconds(10);

  private final CellInbox inbox;
  private final FleetLog log;
  private final Supplier<OptionalLong> held;
  private final Ticker ticker;
  private final KeeperRounds rounds =
      new KeeperRounds("router-fleet", "the fleet's history is not stored", this::keep);
  private final Map<WorkerId, Seen> seen = new HashMap<>();
  private final Map<WorkerId, Long> gone = new HashMap<>();
  private long epoch = -1;
  private long heldSince;
  private long seenVersion = UNSEEN;
  private boolean settled;
  private long completeAt;

  /**
   * @param held the epoch under which this replica holds the cell, while it does
   */
  public FleetKeeper(CellInbox inbox, FleetLog log, Supplier<OptionalLong> held, Ticker ticker) {
    this.inbox = inbox;
    this.log = log;
    this.held = held;
    this.ticker = ticker;
  }

  public void start() {
    rounds.start();
  }

  /** One round; true if it stored something. */
  public synchronized boolean keep() {
    OptionalLong now = held.get();
    if (now.isEmpty()) {
      epoch = -1;
      return false;
    }
    if (now.getAsLong() != epoch) {
      begin(now.getAsLong());
    }
    look().ifPresent(this::compare);
    if (seenVersion == UNSEEN || ticker.nanos() - heldSince < SETTLING.toNanos()) {
      return false;
    }
    if (!settled) {
      Set<WorkerId> before = log.there();
      before.stream().filter(id -> !seen.containsKey(id)).forEach(id -> gone.put(id, heldSince));
      settled = true;
    }
    return store();
  }

  @Override
  public void close() {
    rounds.close();
  }

  private void begin(long next) {
    epoch = next;
    seenVersion = UNSEEN;
    settled = false;
    seen.clear();
    gone.clear();
  }

  /** Empty when nothing has changed, or the cell is just not here. */
  private Optional<Look> look() {
    long known = seenVersion;
    try {
      return TaskQueries.look(inbox, view -> Look.of(view, known))
          .toCompletableFuture()
          .get(LOOK_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    }
  }

  private void compare(Look look) {
    long now = ticker.nanos();
    if (seenVersion == UNSEEN) {
      heldSince = now;
      completeAt = now;
    }
    seenVersion = look.version;
    Map<WorkerId, Seen> present = new HashMap<>();
    for (PresentWorker one : look.present) {
      FleetWorker profile = FleetWorker.recorded(one.view(), one.capacity());
      Seen known = seen.get(profile.id());
      Seen next = new Seen(profile, one.draining(), now, false);
      present.put(profile.id(), known != null && known.same(next) ? known : next);
      gone.remove(profile.id());
    }
    seen.keySet().stream().filter(id -> !present.containsKey(id)).forEach(id -> gone.put(id, now));
    seen.clear();
    seen.putAll(present);
  }

  private boolean store() {
    long now = ticker.nanos();
    boolean complete = now - completeAt >= 0;
    List<FleetChange> changes = new ArrayList<>();
    gone.forEach((id, since) -> changes.add(change(id, Presence.GONE, null, now - since)));
    seen.forEach(
        (id, one) -> {
          if (!one.stored) {
            changes.add(change(id, one.presence(), one.profile, now - one.since));
          } else if (complete) {
            changes.add(change(id, one.presence(), one.profile, 0));
          }
        });
    if (changes.isEmpty()) {
      return false;
    }
    log.append(epoch, changes);
    gone.clear();
    seen.replaceAll((id, one) -> one.asStored());
    if (complete) {
      completeAt = now + FleetLog.REPEATED.toNanos();
    }
    return true;
  }

  private static FleetChange change(
      WorkerId id, Presence presence, @Nullable FleetWorker profile, long agoNanos) {
    return new FleetChange(id, presence, profile, Duration.ofNanos(agoNanos));
  }

  /** What the cell shows; made on its thread. */
  private record Look(long version, List<PresentWorker> present) {
    static Optional<Look> of(CellView view, long known) {
      return view.fleetVersion() == known
          ? Optional.empty()
          : Optional.of(new Look(view.fleetVersion(), view.present()));
    }
  }

  private record Seen(FleetWorker profile, boolean draining, long since, boolean stored) {

    /** But for what only orders one stream's words, and for the trembling of a measured latency. */
    boolean same(Seen other) {
      return draining == other.draining
          && alike(profile.view(), other.profile.view())
          && profile.capacity().resources().equals(other.profile.capacity().resources())
          && profile.capacity().slots().equals(other.profile.capacity().slots());
    }

    private static boolean alike(WorkerView one, WorkerView other) {
      Site site = one.site();
      Site now = other.site();
      return one.name().equals(other.name())
          && one.verdict().status() == other.verdict().status()
          && one.skills().equals(other.skills())
          && one.machine().equals(other.machine())
          && site.region().equals(now.region())
          && site.microsPerHour() == now.microsPerHour()
          && site.currency().equals(now.currency())
          && Math.abs(site.latencyMillis() - now.latencyMillis()) < LATENCY_STEP_MILLIS;
    }

    Presence presence() {
      return draining ? Presence.DRAINING : Presence.THERE;
    }

    Seen asStored() {
      return stored ? this : new Seen(profile, draining, since, true);
    }
  }
}
