package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.EventChain.Step;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Release;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.journal.TenantEvents;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskFollowersTest {

  private static final TaskId TASK = new TaskId(1, 1);
  private static final String TENANT = "ten_a";

  private final TaskFollowers followers = new TaskFollowers();
  private final Recorder sink = new Recorder();

  @Test
  void whatCameByTheLogAndLiveIsToldOnce() {
    Followers.Following<Step, EventCursor> following = followers.register(TENANT, TASK, sink);
    followers.released(release(5, TaskState.LEASED));
    followers.released(release(6, TaskState.RUNNING));

    following.caughtUp(
        EventCursor.START, List.of(step(4, TaskState.QUEUED), step(5, TaskState.LEASED)), false);

    assertThat(sink.commits).containsExactly(4L, 5L, 6L);
  }

  @Test
  void theTerminalStepIsTheLastAndEndsTheStream() {
    Followers.Following<Step, EventCursor> following = followers.register(TENANT, TASK, sink);
    following.caughtUp(EventCursor.START, List.of(), false);

    followers.released(release(7, TaskState.SUCCEEDED));
    followers.released(release(8, TaskState.SUCCEEDED));

    assertThat(sink.commits).containsExactly(7L);
    assertThat(sink.completed).isEqualTo(1);
  }

  @Test
  void resumingAfterTheTerminalStepEndsAtOnce() {
    Followers.Following<Step, EventCursor> following = followers.register(TENANT, TASK, sink);

    following.caughtUp(new EventCursor(7, 0), List.of(), true);

    assertThat(sink.commits).isEmpty();
    assertThat(sink.completed).isEqualTo(1);
  }

  @Test
  void anotherTenantsEventsAreNotTold() {
    Followers.Following<Step, EventCursor> following = followers.register("ten_b", TASK, sink);
    following.caughtUp(EventCursor.START, List.of(), false);

    followers.released(release(7, TaskState.SUCCEEDED));

    assertThat(sink.commits).isEmpty();
  }

  @Test
  void whenTheCellMovesEveryFollowerIsSentAway() {
    Followers.Following<Step, EventCursor> following = followers.register(TENANT, TASK, sink);
    following.caughtUp(EventCursor.START, List.of(), false);

    followers.deny(Denial.of(Denial.Reason.NOT_HOLDER, "moved"));
    followers.released(release(7, TaskState.SUCCEEDED));

    assertThat(sink.denied).isEqualTo(1);
    assertThat(sink.commits).isEmpty();
  }

  private static Release release(long commit, TaskState state) {
    return new Release(
        commit,
        Instant.EPOCH,
        List.of(),
        List.of(new TenantEvents(TENANT, List.of(change(state)))));
  }

  private static Step step(long commit, TaskState state) {
    return new Step(new EventCursor(commit, 0), change(state), Instant.EPOCH);
  }

  private static TaskChange change(TaskState state) {
    return new TaskChange(TASK, 0, state, 1, null, "");
  }

  private static final class Recorder implements Followers.Sink<Step> {

    private final List<Long> commits = new ArrayList<>();
    private int completed;
    private int denied;

    @Override
    public void step(Step step) {
      commits.add(step.cursor().commit());
    }

    @Override
    public void completed() {
      completed++;
    }

    @Override
    public void denied(Denial reason) {
      denied++;
    }
  }
}
