package dev.weft.router.app;

import dev.weft.router.app.EventChain.Step;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Release;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.journal.TenantEvents;
import dev.weft.router.domain.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Everybody who follows a task. A follower is registered before the log is read, so each event
 * comes by one way or by both; the cursor tells repeats. Thread-safe.
 */
public final class TaskFollowers {

  /** Takes one task's steps in order, then one of the ends. Must not block. */
  public interface Sink {

    void step(Step step);

    /** The task has ended and everything was told. */
    void completed();

    /** The cell has moved: follow again at its next holder. */
    void denied(Denial reason);
  }

  private final Map<TaskId, Set<Following>> followings = new ConcurrentHashMap<>();

  /** Begins to gather live steps; nothing is told before {@link Following#caughtUp}. */
  public Following register(String tenant, TaskId task, Sink sink) {
    Following following = new Following(tenant, task, sink);
    followings.compute(
        task,
        (id, known) -> {
          Set<Following> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(following);
          return all;
        });
    return following;
  }

  /** Tells a commit's steps; on the cell's thread. */
  public void released(Release release) {
    if (followings.isEmpty()) {
      return;
    }
    for (TenantEvents events : release.events()) {
      List<TaskChange> changes = events.changes();
      for (int index = 0; index < changes.size(); index++) {
        TaskChange change = changes.get(index);
        Set<Following> all = followings.get(change.task());
        if (all != null) {
          Step step =
              new Step(new EventCursor(release.commit(), index), change, release.commitTime());
          all.forEach(following -> following.live(events.tenant(), step));
        }
      }
    }
  }

  public void deny(Denial reason) {
    for (Set<Following> all : List.copyOf(followings.values())) {
      all.forEach(following -> following.deny(reason));
    }
  }

  /** One follower of one task. */
  public final class Following implements AutoCloseable {

    private final String tenant;
    private final TaskId task;
    private final Sink sink;
    private final List<Step> gathered = new ArrayList<>();
    private EventCursor last = EventCursor.START;
    private boolean live;
    private boolean ended;

    private Following(String tenant, TaskId task, Sink sink) {
      this.tenant = tenant;
      this.task = task;
      this.sink = sink;
    }

    /**
     * The log was read: tells its steps, then those gathered since, then goes live.
     *
     * @param after the cursor that the follower had
     * @param over the task had ended when it was read
     */
    public synchronized void caughtUp(EventCursor after, List<Step> steps, boolean over) {
      last = after;
      live = true;
      steps.forEach(this::tell);
      gathered.forEach(this::tell);
      gathered.clear();
      if (over && !ended) {
        end();
        sink.completed();
      }
    }

    @Override
    public synchronized void close() {
      end();
    }

    private synchronized void live(String ofTenant, Step step) {
      if (!ofTenant.equals(tenant)) {
        return;
      }
      if (live) {
        tell(step);
      } else {
        gathered.add(step);
      }
    }

    private void tell(Step step) {
      if (ended || step.cursor().compareTo(last) <= 0) {
        return;
      }
      last = step.cursor();
      sink.step(step);
      if (step.change().state().terminal()) {
        end();
        sink.completed();
      }
    }

    private synchronized void deny(Denial reason) {
      if (!ended) {
        end();
        sink.denied(reason);
      }
    }

    private void end() {
      ended = true;
      followings.computeIfPresent(
          task,
          (id, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }
  }
}
