package dev.weft.router.domain.replay;

import dev.weft.router.domain.cell.Assignment;
import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Hello;
import dev.weft.router.domain.cell.Welcome;
import dev.weft.router.domain.cell.WorkerLink;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.journal.StoredSpec;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A worker of a replay: one life of its stream. What it is given takes its recorded time. */
final class ReplayWorker implements WorkerLink {

  private final long incarnation;
  private final BiConsumer<ReplayWorker, Assignment> assigned;
  private final BiConsumer<ReplayWorker, AttemptKey> cancelled;
  private FleetWorker profile;
  private boolean open = true;

  ReplayWorker(
      FleetWorker profile,
      long incarnation,
      BiConsumer<ReplayWorker, Assignment> assigned,
      BiConsumer<ReplayWorker, AttemptKey> cancelled) {
    this.profile = profile;
    this.incarnation = incarnation;
    this.assigned = assigned;
    this.cancelled = cancelled;
  }

  FleetWorker profile() {
    return profile;
  }

  void profile(FleetWorker next) {
    profile = next;
  }

  boolean open() {
    return open;
  }

  void end() {
    open = false;
  }

  Hello hello() {
    return new Hello(profile.id(), incarnation, List.of(), List.of(), profile.capacity(), 0, false);
  }

  @Nullable Price price() {
    Site site = profile.view().site();
    return site.currency().isEmpty() ? null : new Price(site.microsPerHour(), site.currency());
  }

  @Override
  public void assign(Assignment assignment, StoredSpec spec) {
    assigned.accept(this, assignment);
  }

  @Override
  public void cancel(AttemptKey key) {
    cancelled.accept(this, key);
  }

  @Override
  public void welcome(Welcome welcome) {
    // It brings nothing that could be adopted or killed.
  }

  @Override
  public void acknowledge(AttemptKey key) {
    // It keeps no results.
  }

  @Override
  public void renewed(long number) {
    // It never renews.
  }

  @Override
  public void drain(Duration grace) {
    // Drains come from the recorded history.
  }

  @Override
  public void close(Denial reason) {
    open = false;
  }
}
