package dev.weft.registry.app;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.time.Ticker;
import dev.weft.registry.domain.fleet.Admission;
import dev.weft.registry.domain.fleet.Beat;
import dev.weft.registry.domain.fleet.Fleet;
import dev.weft.registry.domain.fleet.FleetRules;
import dev.weft.registry.domain.fleet.Hello;
import dev.weft.registry.domain.fleet.Moment;
import dev.weft.registry.domain.fleet.Unsaved;
import dev.weft.registry.domain.fleet.WorkerHealth;
import dev.weft.registry.domain.fleet.WorkerRecord;
import dev.weft.registry.domain.fleet.WorkerView;
import dev.weft.registry.domain.profile.WorkerProfile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Guards the fleet of this replica's term as the active registry. Safe for threads: everything that
 * touches the fleet is short and under one lock; links and watchers are told after it was released.
 */
public final class FleetKeeper {

  private static final Duration TRY_AGAIN = Duration.ofMillis(200);

  private final FleetRules rules;
  private final Holding holding;
  private final InstantSource clock;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, WorkerLink> links = new HashMap<>();
  private volatile Runnable changed = () -> {};
  private @Nullable Fleet fleet;

  public FleetKeeper(FleetRules rules, Holding holding, InstantSource clock, Ticker ticker) {
    this.rules = rules;
    this.holding = holding;
    this.clock = clock;
    this.ticker = ticker;
  }

  /** Runs whenever watchers have something to be told; must not block. */
  public void onChange(Runnable action) {
    changed = action;
  }

  /** The term begins with what storage knows. */
  public void begin(long epoch, Collection<WorkerRecord> known) {
    lock.lock();
    try {
      fleet = new Fleet(epoch, rules, known, now());
    } finally {
      lock.unlock();
    }
  }

  /** The term is over: every worker is sent to the holder. */
  public void end() {
    List<WorkerLink> closed;
    lock.lock();
    try {
      fleet = null;
      closed = List.copyOf(links.values());
      links.clear();
    } finally {
      lock.unlock();
    }
    MeshException why = notHolder();
    closed.forEach(link -> link.close(why));
    changed.run();
  }

  /** Lets a worker in, or says why not. Its older stream, if there is one, ends. */
  public Seating admit(Hello hello, WorkerLink link) {
    Seating seating;
    WorkerLink replaced = null;
    lock.lock();
    try {
      Fleet mine = active();
      Admission.Admitted admitted = admitted(hello, mine.admit(hello, now()));
      if (admitted.replaced().isPresent()) {
        replaced = links.remove(admitted.replaced().getAsLong());
      }
      links.put(admitted.session(), link);
      seating = new Seating(mine, admitted.session());
    } finally {
      lock.unlock();
    }
    if (replaced != null) {
      replaced.close(Refusal.superseded(hello.id(), hello.incarnation()));
    }
    changed.run();
    return seating;
  }

  /** A worker that is in has sent its profile again. */
  public void reprofile(Seating seating, WorkerProfile profile) {
    Optional<Admission.NameTaken> refusal =
        inTerm(seating, mine -> mine.reprofile(seating.session(), profile)).flatMap(r -> r);
    if (refusal.isPresent()) {
      throw Refusal.nameTaken(refusal.get().name());
    }
  }

  /** The server time for the ack; empty if the stream is over. */
  public Optional<Instant> beat(Seating seating, Beat beat) {
    Moment now = now();
    return inTerm(seating, mine -> mine.beat(seating.session(), beat, now))
        .filter(taken -> taken)
        .map(taken -> now.wall());
  }

  /** The stream has ended, by whomever. */
  public void leave(Seating seating) {
    inTerm(
        seating,
        mine -> {
          links.remove(seating.session());
          mine.leave(seating.session(), now());
          return true;
        });
  }

  /** Judges everybody, and ends the streams of the silent. */
  public void judge() {
    List<WorkerLink> over = new ArrayList<>();
    ifActive(
        mine -> {
          for (long session : mine.judge(now())) {
            WorkerLink link = links.remove(session);
            if (link != null) {
              over.add(link);
            }
          }
          return true;
        });
    over.forEach(link -> link.close(Refusal.silent(rules.silence())));
  }

  /** Shows watchers the loads that have changed; to be called once a second. */
  public void tellLoads() {
    ifActive(
        mine -> {
          mine.tellLoads();
          return true;
        });
  }

  /** Forgets who has been offline for too long. */
  public int forget() {
    return ifActive(mine -> mine.forget(now())).orElse(0);
  }

  /**
   * Takes what storage does not know, with the epoch under which it may be written; empty without a
   * term.
   */
  public Optional<Pending> takeUnsaved(boolean statisticsToo, int limit) {
    return ifActive(mine -> new Pending(mine, mine.takeUnsaved(statisticsToo, limit)));
  }

  /** Puts back what could not be written, if its term is still on. */
  public void notSaved(Pending pending) {
    ifActive(
        mine -> {
          if (mine == pending.fleet) {
            mine.notSaved(pending.unsaved);
          }
          return true;
        });
  }

  /** Reads the fleet; refused on a replica that is not the active one. */
  public <T> T read(Function<Fleet, T> question) {
    lock.lock();
    try {
      return question.apply(active());
    } finally {
      lock.unlock();
    }
  }

  /** How a worker is now; refused on a replica that is not the active one. */
  public Optional<WorkerHealth> health(Function<Fleet, Optional<WorkerView>> whom) {
    Moment now = now();
    return read(mine -> whom.apply(mine).flatMap(view -> mine.health(view.id(), now)));
  }

  /** Reads the fleet if there is one. */
  public <T> Optional<T> peek(Function<Fleet, @Nullable T> question) {
    lock.lock();
    try {
      return fleet == null ? Optional.empty() : Optional.ofNullable(question.apply(fleet));
    } finally {
      lock.unlock();
    }
  }

  /** What a caller is told here while another replica is the active one. */
  public MeshException notHolder() {
    if (holding.mine()) {
      return new MeshException(CommonReason.UNAVAILABLE, "the registry is being loaded")
          .retryAfter(TRY_AGAIN);
    }
    MeshException why =
        new MeshException(CommonReason.NOT_HOLDER, "this replica is not the active registry");
    String address = holding.address();
    return address.isEmpty() ? why.retryAfter(TRY_AGAIN) : why.with("address", address);
  }

  /** Unsaved changes of one term. */
  public static final class Pending {
    private final Fleet fleet;
    private final Unsaved unsaved;

    private Pending(Fleet fleet, Unsaved unsaved) {
      this.fleet = fleet;
      this.unsaved = unsaved;
    }

    public long epoch() {
      return fleet.epoch();
    }

    public Unsaved unsaved() {
      return unsaved;
    }
  }

  private Fleet active() {
    if (fleet == null) {
      throw notHolder();
    }
    return fleet;
  }

  private <T> Optional<T> inTerm(Seating seating, Function<Fleet, @Nullable T> action) {
    return ifActive(mine -> mine == seating.fleet() ? action.apply(mine) : null);
  }

  private <T> Optional<T> ifActive(Function<Fleet, @Nullable T> action) {
    T result;
    boolean news;
    lock.lock();
    try {
      if (fleet == null) {
        return Optional.empty();
      }
      long before = fleet.revision();
      result = action.apply(fleet);
      news = fleet.revision() != before;
    } finally {
      lock.unlock();
    }
    if (news) {
      changed.run();
    }
    return Optional.ofNullable(result);
  }

  private Moment now() {
    return new Moment(clock.instant(), ticker.nanos());
  }

  private static Admission.Admitted admitted(Hello hello, Admission admission) {
    return switch (admission) {
      case Admission.Admitted in -> in;
      case Admission.Superseded(long newest) -> throw Refusal.superseded(hello.id(), newest);
      case Admission.NameTaken(String name) -> throw Refusal.nameTaken(name);
      case Admission.FleetFull(int most) -> throw Refusal.fleetFull(hello.id(), most);
    };
  }
}
