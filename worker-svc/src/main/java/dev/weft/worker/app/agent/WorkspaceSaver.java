package dev.weft.worker.app.agent;

import dev.weft.worker.app.Carrier;
import dev.weft.worker.app.Carrier.Keeping;
import dev.weft.worker.app.Carrier.Stowed;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.agent.SavedWorkspace;
import dev.weft.worker.domain.agent.SessionEvent;
import dev.weft.worker.domain.agent.SessionEvent.Notice;
import dev.weft.worker.domain.agent.SessionEvent.Saved;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Stores a body's workspace and tells of it. One thread. */
final class WorkspaceSaver {

  private static final Logger LOG = Logger.getLogger(WorkspaceSaver.class);

  /**
   * The longest that the artifact service allows: what sleeps, or was stored by wish, has no other.
   */
  static final Duration FINAL_LIFETIME = Duration.ofDays(365);

  /** Of one that stands only while its body lives, or until somebody wakes the agent after it. */
  static final Duration LIFETIME = Duration.ofDays(30);

  /** One that nothing replaces is stored again before it is over. */
  private static final Duration RENEWAL = Duration.ofDays(10);

  private final Stowed stowed;
  private final String name;
  private final FrameStore frames;
  private final InstantSource clock;
  private @Nullable SessionEvent untold;
  private @Nullable Instant storedAt;
  private boolean failing;

  WorkspaceSaver(Stowed stowed, String agentId, FrameStore frames, InstantSource clock) {
    this.stowed = stowed;
    this.name = "agents/" + agentId + "/workspace";
    this.frames = frames;
    this.clock = clock;
  }

  /** What came of storing it for the last time. */
  record Outcome(Optional<SavedWorkspace> workspace, Optional<Failure> incomplete) {

    /** Whether nothing is stored, and the same may go well later. */
    boolean mayPass() {
      return workspace.isEmpty()
          && incomplete
              .filter(why -> why.reason() == FailureReason.ARTIFACTS_UNAVAILABLE)
              .isPresent();
    }
  }

  /** Does what is due, and what somebody wishes. */
  void tend(LiveBody living) throws HaltedException, InterruptedException {
    if (living.beginSave()) {
      living.saved(save());
    }
    fulfil(living);
    tellRest();
  }

  /** Stores it for those who wish it. */
  void fulfil(LiveBody living) throws HaltedException, InterruptedException {
    List<CompletableFuture<Outcome>> wishes = living.wishes().take();
    if (wishes.isEmpty()) {
      return;
    }
    living.savesNow();
    Outcome outcome = saveForGood();
    living.saved(outcome.workspace().isPresent());
    wishes.forEach(wish -> wish.complete(outcome));
  }

  /** Stores it if it has changed; answers whether that could be done. */
  boolean save() throws HaltedException, InterruptedException {
    Instant last = storedAt;
    boolean old = last != null && clock.instant().isAfter(last.plus(RENEWAL));
    try {
      take(new Keeping(name, LIFETIME, old));
      failing = false;
      return true;
    } catch (CarryException | IOException | RuntimeException e) {
      failed(failure(e));
      return false;
    }
  }

  /** Once is news; that it is still so is not. */
  private void failed(Failure failure) {
    if (!failing) {
      LOG.warnf("workspace could not be stored, tried again later: error=%s", failure);
      tell(new Notice(failure));
    }
    failing = true;
  }

  /** Stores it for the last time, changed or not. */
  Outcome saveFinally() throws HaltedException, InterruptedException {
    Outcome outcome = saveForGood();
    if (outcome.workspace().isEmpty()) {
      outcome.incomplete().ifPresent(this::failed);
    }
    return outcome;
  }

  /** Stores it, changed or not, for as long as can be. */
  private Outcome saveForGood() throws HaltedException, InterruptedException {
    try {
      Optional<SavedWorkspace> saved = take(new Keeping(name, FINAL_LIFETIME, true));
      return new Outcome(saved, saved.flatMap(SavedWorkspace::incomplete));
    } catch (CarryException | IOException | RuntimeException e) {
      return new Outcome(Optional.empty(), Optional.of(failure(e)));
    }
  }

  private Optional<SavedWorkspace> take(Keeping keeping)
      throws CarryException, HaltedException, IOException, InterruptedException {
    Instant now = clock.instant();
    Optional<SavedWorkspace> saved = stowed.takeWhole(keeping).map(whole -> saved(whole, now));
    saved.ifPresent(
        workspace -> {
          storedAt = now;
          tell(new Saved(workspace));
        });
    return saved;
  }

  private static SavedWorkspace saved(Carrier.Whole whole, Instant at) {
    return new SavedWorkspace(
        whole.stored().artifact(), whole.stored().digest(), whole.paths(), at, whole.incomplete());
  }

  private static Failure failure(Exception e) {
    return e instanceof CarryException carry
        ? carry.failure()
        : new Failure(FailureReason.ARTIFACTS_UNAVAILABLE, "workspace: " + e.getMessage());
  }

  /** Frames that are full must not hold the body up: the newest is told once there is room. */
  private void tell(SessionEvent event) {
    untold = frames.offer(event) ? null : event;
  }

  /** Tells what could not be told before. */
  void tellRest() {
    SessionEvent event = untold;
    if (event != null) {
      tell(event);
    }
  }
}
