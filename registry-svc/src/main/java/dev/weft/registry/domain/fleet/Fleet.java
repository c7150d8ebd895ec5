package dev.weft.registry.domain.fleet;

import dev.weft.registry.domain.fleet.Admission.Admitted;
import dev.weft.registry.domain.fleet.Admission.FleetFull;
import dev.weft.registry.domain.fleet.Admission.NameTaken;
import dev.weft.registry.domain.fleet.Admission.Superseded;
import dev.weft.registry.domain.health.Census;
import dev.weft.registry.domain.health.HealthWatch;
import dev.weft.registry.domain.health.ObservedTime;
import dev.weft.registry.domain.profile.WorkerProfile;
import dev.weft.registry.domain.report.WorkAccount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * All workers under one epoch of the registry: who is connected, how they are, what watchers and
 * storage still have to be told. Not safe for threads.
 */
public final class Fleet {

  private static final Duration LIFE_WORTH_SAVING = Duration.ofHours(1);

  private final long epoch;
  private final FleetRules rules;
  private final ObservedTime time;
  private final ChangeLog log;
  private final Map<WorkerId, Seat> seats = new HashMap<>();
  private final Map<Long, Seat> sessions = new HashMap<>();
  private final NameBook names = new NameBook();
  private final Set<Seat> loadsToTell = new LinkedHashSet<>();
  private final SaveList toSave = new SaveList();
  private long lastSession;

  /** The fleet as storage knows it: nobody is heard of yet. */
  public Fleet(long epoch, FleetRules rules, Collection<WorkerRecord> known, Moment start) {
    this.epoch = epoch;
    this.rules = rules;
    this.time = new ObservedTime(rules.longestLook(), start.nanos());
    this.log = new ChangeLog(epoch, rules.mostRemovals());
    known.forEach(record -> tell(enter(record)));
  }

  /** A worker has introduced itself on a new stream. */
  public Admission admit(Hello hello, Moment now) {
    WorkerId id = hello.id();
    Seat seat = seats.get(id);
    if (seat != null && hello.incarnation() < seat.incarnation()) {
      return new Superseded(seat.incarnation());
    }
    if (names.takenByOther(hello.profile().name(), id)) {
      return new NameTaken(hello.profile().name());
    }
    if (seat == null && seats.size() >= rules.mostWorkers()) {
      return new FleetFull(rules.mostWorkers());
    }
    if (seat == null) {
      seat = enter(newcomer(hello, now));
      toSave.soon(id);
    }
    OptionalLong replaced =
        seat.connected() ? OptionalLong.of(seat.session()) : OptionalLong.empty();
    replaced.ifPresent(sessions::remove);
    long session = ++lastSession;
    sessions.put(session, seat);
    if (!hello.profile().equals(seat.profile()) || hello.incarnation() != seat.incarnation()) {
      toSave.soon(id);
    }
    names.remove(seat);
    seat.seated(session, hello, new HealthWatch(rules.health(), time.at(now.nanos())));
    names.add(seat);
    tell(seat);
    return new Admitted(session, replaced);
  }

  /**
   * A worker has sent its profile again on its stream.
   *
   * @return why not; empty if the profile counts now, or if the session is over
   */
  public Optional<NameTaken> reprofile(long session, WorkerProfile profile) {
    Seat seat = sessions.get(session);
    if (seat == null || profile.equals(seat.profile())) {
      return Optional.empty();
    }
    if (names.takenByOther(profile.name(), seat.id())) {
      return Optional.of(new NameTaken(profile.name()));
    }
    names.remove(seat);
    seat.reprofiled(profile);
    names.add(seat);
    toSave.soon(seat.id());
    tell(seat);
    return Optional.empty();
  }

  /** Takes a beat in and notes that its ack leaves now; false if the session is over. */
  public boolean beat(long session, Beat beat, Moment now) {
    Seat seat = sessions.get(session);
    if (seat == null) {
      return false;
    }
    WorkAccount before = seat.account();
    seat.beat(beat, now, time.at(now.nanos()));
    seat.acked(now);
    if (!seat.account().equals(before) || seat.unsavedLife().compareTo(LIFE_WORTH_SAVING) > 0) {
      toSave.later(seat.id());
    }
    WorkerView shown = log.view(seat.id());
    if (seat.stateChangedSince(shown)) {
      tell(seat);
    } else if (seat.loadChangedSince(shown)) {
      loadsToTell.add(seat);
    }
    return true;
  }

  /** The stream is gone; the worker keeps its state for the grace of a reconnect. */
  public void leave(long session, Moment now) {
    Seat seat = sessions.remove(session);
    if (seat != null) {
      seat.left(time.at(now.nanos()));
    }
  }

  /**
   * Judges everybody.
   *
   * @return the sessions that were silent for so long that they are over
   */
  public List<Long> judge(Moment now) {
    long observed = time.at(now.nanos());
    hearSuspects();
    List<Long> over = new ArrayList<>();
    for (Seat seat : seats.values()) {
      if (seat.connected() && seat.silentNanos(observed) >= rules.silence().toNanos()) {
        over.add(seat.session());
        lose(seat, "no beat came for " + rules.silence().toMillis() + " ms");
      } else if (!seat.connected()
          && !seat.offline()
          && seat.goneNanos(observed) >= rules.reconnectGrace().toNanos()) {
        lose(seat, "the worker's stream ended");
      } else if (!seat.offline()) {
        seat.judge(observed);
        tellIfStateChanged(seat);
      }
    }
    return over;
  }

  /**
   * Shows the loads that have changed. Called once a second, so nobody is shown more often for its
   * load.
   */
  public void tellLoads() {
    List<Seat> due = List.copyOf(loadsToTell);
    due.forEach(this::tell);
  }

  /** Forgets who has been offline for too long. */
  public int forget(Moment now) {
    List<Seat> forgotten =
        seats.values().stream()
            .filter(seat -> seat.offline() && !seat.connected())
            .filter(seat -> seat.lastSeen().plus(rules.memory()).isBefore(now.wall()))
            .toList();
    for (Seat seat : forgotten) {
      seats.remove(seat.id());
      names.remove(seat);
      loadsToTell.remove(seat);
      toSave.gone(seat.id());
      log.removed(seat.id());
    }
    return forgotten.size();
  }

  /** Takes what storage does not know yet; statistics only if their time has come. */
  public Unsaved takeUnsaved(boolean statisticsToo, int limit) {
    return toSave.take(seats, statisticsToo, limit);
  }

  /** Puts back what could not be stored. */
  public void notSaved(Unsaved unsaved) {
    toSave.back(unsaved, seats);
  }

  public long epoch() {
    return epoch;
  }

  public long revision() {
    return log.revision();
  }

  /** Whether a watch can go on after this revision. */
  public boolean reaches(long revision) {
    return log.reaches(revision);
  }

  public List<WorkerView> all() {
    return log.all();
  }

  /** What has changed after a revision, each worker once, oldest change first. */
  public List<FleetChange> changesAfter(long revision, int limit) {
    return log.after(revision, limit);
  }

  /** The workers that follow in the order of names. */
  public List<WorkerView> page(NameKey after, int limit) {
    return names.after(after, limit).stream().map(seat -> log.view(seat.id())).toList();
  }

  public Optional<WorkerView> find(WorkerId id) {
    return seats.containsKey(id) ? Optional.of(log.view(id)) : Optional.empty();
  }

  /** By name: the connected worker, else the one that was seen last. */
  public Optional<WorkerView> find(String name) {
    return names.find(name).map(seat -> log.view(seat.id()));
  }

  /** How a worker is now. */
  public Optional<WorkerHealth> health(WorkerId id, Moment now) {
    return Optional.ofNullable(seats.get(id))
        .map(seat -> seat.health(log.view(id).revision(), now, time.at(now.nanos())));
  }

  /** Whether those whom a shared service failed are alone with that. */
  private void hearSuspects() {
    List<Seat> suspects = seats.values().stream().filter(Seat::suspected).toList();
    if (!suspects.isEmpty()) {
      Census census = new Census();
      seats.values().forEach(seat -> seat.testify(census));
      suspects.forEach(seat -> seat.weigh(census));
    }
  }

  private void lose(Seat seat, String why) {
    sessions.remove(seat.session());
    seat.offline(why);
    toSave.later(seat.id());
    tellIfStateChanged(seat);
  }

  private void tellIfStateChanged(Seat seat) {
    if (seat.stateChangedSince(log.view(seat.id()))) {
      tell(seat);
    }
  }

  private void tell(Seat seat) {
    loadsToTell.remove(seat);
    log.changed(seat.id(), seat::view);
  }

  private Seat enter(WorkerRecord record) {
    Seat seat = new Seat(record, new HealthWatch(rules.health(), 0));
    seats.put(record.id(), seat);
    names.add(seat);
    return seat;
  }

  private static WorkerRecord newcomer(Hello hello, Moment now) {
    return new WorkerRecord(
        hello.id(),
        hello.incarnation(),
        hello.profile(),
        WorkAccount.EMPTY,
        now.wall(),
        now.wall());
  }
}
