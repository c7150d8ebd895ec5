package dev.weft.registry.domain.fleet;

import dev.weft.registry.domain.health.Census;
import dev.weft.registry.domain.health.HealthReport;
import dev.weft.registry.domain.health.HealthWatch;
import dev.weft.registry.domain.profile.WorkerProfile;
import dev.weft.registry.domain.report.EchoMeter;
import dev.weft.registry.domain.report.WorkAccount;
import dev.weft.registry.domain.report.WorkerLoad;
import dev.weft.registry.domain.state.Lifecycle;
import dev.weft.registry.domain.state.Lifecycle.Signs;
import dev.weft.registry.domain.state.WorkerState;
import dev.weft.registry.domain.state.WorkerState.Offline;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * All that the registry knows of one worker. Knows nothing of other workers, revisions or watchers.
 */
final class Seat {

  static final long NO_SESSION = 0;
  private static final Duration LATENCY_WORTH_TELLING = Duration.ofMillis(1);

  private final WorkerId id;
  private final Instant registered;
  private long incarnation;
  private WorkerProfile profile;
  private WorkAccount account;
  private WorkerLoad load = WorkerLoad.UNKNOWN;
  private WorkerState state = new Offline("not heard of since the registry started");
  private final EchoMeter echo = new EchoMeter();
  private HealthWatch health;
  private boolean draining;
  private long session = NO_SESSION;
  private long lostAt;
  private Instant lastSeen;
  private Instant savedSeen;

  Seat(WorkerRecord record, HealthWatch health) {
    this.id = record.id();
    this.registered = record.registered();
    this.incarnation = record.incarnation();
    this.profile = record.profile();
    this.account = record.account();
    this.lastSeen = record.lastSeen();
    this.savedSeen = record.lastSeen();
    this.health = health;
  }

  /** A stream of this worker was admitted. */
  void seated(long newSession, Hello hello, HealthWatch fresh) {
    if (hello.incarnation() > incarnation || state instanceof Offline) {
      load = WorkerLoad.UNKNOWN;
      draining = false;
      health = fresh;
      state = Lifecycle.onLoss(state, "a new incarnation has not beaten yet");
    }
    incarnation = hello.incarnation();
    profile = hello.profile();
    session = newSession;
  }

  void reprofiled(WorkerProfile newProfile) {
    profile = newProfile;
  }

  /** Takes a beat in. */
  void beat(Beat beat, Moment now, long observed) {
    lastSeen = now.wall();
    if (beat.load() != null) {
      load = beat.load();
    }
    if (beat.total() != null) {
      account = account.report(incarnation, beat.total());
    }
    if (beat.echo() != null) {
      echo.echoed(beat.echo().serverTime(), beat.echo().held(), now.nanos());
    }
    draining = beat.draining();
    health.beat(observed, load.complaint());
    health.probed(observed, beat.probes());
    state = Lifecycle.onBeat(state, signs(observed));
  }

  void acked(Moment now) {
    echo.acked(now.wall(), now.nanos());
  }

  void judge(long observed) {
    state = Lifecycle.onTime(state, signs(observed));
  }

  /** Whether others have to be heard before it can be judged. */
  boolean suspected() {
    return !offline() && health.suspected();
  }

  /** One that is not heard of has nothing to say. */
  void testify(Census census) {
    if (!offline()) {
      health.testify(census);
    }
  }

  void weigh(Census census) {
    health.weigh(census);
  }

  /** The stream is gone; the state stays until the grace for a reconnect is over. */
  void left(long observed) {
    session = NO_SESSION;
    lostAt = observed;
  }

  void offline(String why) {
    session = NO_SESSION;
    state = Lifecycle.onLoss(state, why);
  }

  private Signs signs(long observed) {
    return new Signs(health.verdict(observed), draining, load.busy());
  }

  boolean connected() {
    return session != NO_SESSION;
  }

  boolean offline() {
    return state instanceof Offline;
  }

  long goneNanos(long observed) {
    return observed - lostAt;
  }

  long silentNanos(long observed) {
    return health.silentNanos(observed);
  }

  /** Whether the view that watchers have is no longer the truth in what they must know at once. */
  boolean stateChangedSince(WorkerView view) {
    return !state.equals(view.state()) || !profile.equals(view.profile());
  }

  /** Whether it is outdated in what they may learn a little later. */
  boolean loadChangedSince(WorkerView view) {
    return load.worthTelling(view.live().load())
        || !account.lifetime().equals(view.live().statistics())
        || latency().minus(view.live().latency()).abs().compareTo(threshold(view)) > 0;
  }

  private static Duration threshold(WorkerView view) {
    Duration tenth = view.live().latency().dividedBy(10);
    return tenth.compareTo(LATENCY_WORTH_TELLING) > 0 ? tenth : LATENCY_WORTH_TELLING;
  }

  private Duration latency() {
    Optional<Duration> measured = echo.latency();
    return measured.orElse(profile.location().latency());
  }

  WorkerView view(long revision) {
    WorkerView.Live live = new WorkerView.Live(load, account.lifetime(), latency(), lastSeen);
    return new WorkerView(id, profile, state, live, registered, revision);
  }

  WorkerHealth health(long revision, Moment now, long observed) {
    if (offline()) {
      Duration unseen = Duration.between(lastSeen, now.wall());
      return new WorkerHealth(view(revision), HealthReport.NOTHING, unseen);
    }
    HealthReport report = health.report(observed);
    return new WorkerHealth(view(revision), report, report.age());
  }

  /** What is to be stored now. */
  WorkerRecord toRecord() {
    savedSeen = lastSeen;
    return new WorkerRecord(id, incarnation, profile, account, registered, lastSeen);
  }

  WorkerId id() {
    return id;
  }

  long incarnation() {
    return incarnation;
  }

  long session() {
    return session;
  }

  String name() {
    return profile.name();
  }

  WorkerProfile profile() {
    return profile;
  }

  WorkAccount account() {
    return account;
  }

  /** How much of the worker's last sign of life storage does not know. */
  Duration unsavedLife() {
    return Duration.between(savedSeen, lastSeen);
  }

  Instant lastSeen() {
    return lastSeen;
  }
}
