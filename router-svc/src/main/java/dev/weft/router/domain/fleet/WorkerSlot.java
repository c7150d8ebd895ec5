package dev.weft.router.domain.fleet;

import dev.weft.router.domain.task.WorkerId;
import org.jspecify.annotations.Nullable;

/** A worker as placement weighs it. Not thread-safe. */
public final class WorkerSlot implements ChangeListener {

  private final WorkerId id;
  private final int ordinal;
  private final Credit credit = new Credit(this);
  private final ResponseTimes responses = new ResponseTimes(this);
  private @Nullable WorkerView view;
  private boolean connected;
  private boolean draining;
  private boolean held;
  private @Nullable ChangeLog log;
  private long noted = -1;

  /**
   * @param ordinal small number, unique among the slots of a fleet
   */
  public WorkerSlot(WorkerId id, int ordinal) {
    this.id = id;
    this.ordinal = ordinal;
  }

  public WorkerId id() {
    return id;
  }

  public int ordinal() {
    return ordinal;
  }

  public Credit credit() {
    return credit;
  }

  public ResponseTimes responses() {
    return responses;
  }

  /** What the registry last said; null until it has. */
  public @Nullable WorkerView view() {
    return view;
  }

  public void view(@Nullable WorkerView next) {
    view = next;
  }

  public boolean connected() {
    return connected;
  }

  public void connected(boolean now) {
    connected = now;
  }

  /** Gets nothing more: it said so, or was told so. */
  public boolean draining() {
    return draining;
  }

  public void draining(boolean now) {
    draining = now;
  }

  /** It rejected what should have fitted; nothing is placed until it is asked again. */
  public boolean held() {
    return held;
  }

  public void held(boolean now) {
    held = now;
    changed();
  }

  /** From now on this log hears of every change of what placement weighs; there can be but one. */
  public void watch(ChangeLog by) {
    if (log != null && !log.equals(by)) {
      throw new IllegalStateException("worker " + id + ": watched by another log");
    }
    log = by;
  }

  /** Its room, its load, or what else orders it among others may be different now. */
  @Override
  public void changed() {
    if (log != null) {
      noted = log.add(this, noted);
    }
  }

  public boolean hasRoom(String executor, Resources amount) {
    return !held && credit.fits(executor, amount);
  }

  @Override
  public String toString() {
    return view == null ? id.toString() : view.name();
  }
}
