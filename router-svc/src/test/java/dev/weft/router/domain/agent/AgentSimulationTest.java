package dev.weft.router.domain.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.agent.AgentLife.Errand;
import dev.weft.router.domain.agent.AgentLife.Moment;
import dev.weft.router.domain.agent.BodyStatus.Cause;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One agent, its bodies' tasks and its commands under random events, with a keeper that may crash
 * between any two of its steps: what it had read and not yet done is gone then.
 */
class AgentSimulationTest {

  private static final int ROUNDS = 20_000;
  private static final Problem PROBLEM = new Problem(10, "BROKEN", "broken", Map.of());
  private static final WorkerId WORKER = new WorkerId(new UUID(0, 1));

  private final Map<TaskId, BodyStatus> tasks = new HashMap<>();
  private final Map<Integer, Integer> commandBodies = new HashMap<>();
  private final Map<Integer, Integer> commandEnds = new HashMap<>();
  private SplittableRandom random = new SplittableRandom();
  private Instant now = Instant.ofEpochSecond(1_000_000);
  private Agent agent = spawned();
  private long nextTask;
  private int nextCommand;

  /** What the keeper has read and not yet acted upon. */
  private record Look(Agent agent, TaskId task, BodyStatus status) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noAgentIsLostNeverHasItTwoBodiesAndEachCommandEndsOnce(long seed) {
    random = new SplittableRandom(seed);
    int over = 0;
    for (int round = 0; round < ROUNDS; round++) {
      now = now.plusSeconds(random.nextInt(40));
      event();
      keep(random.nextInt(4));
      verify();
      if (agent.over()) {
        over++;
        settle();
        bury();
      }
    }
    settle();
    assertThat(over).isPositive();
  }

  /** Something happens that the keeper did not do. */
  private void event() {
    switch (random.nextInt(9)) {
      case 0 -> steer(AgentLife::hibernate);
      case 1 -> steer(AgentLife::wake);
      case 2 -> {
        if (random.nextInt(20) == 0) {
          steer((one, at) -> AgentLife.terminate(one, PROBLEM, at));
        }
      }
      case 3 -> command();
      case 4 -> take();
      case 5 -> end();
      default -> task();
    }
  }

  /** The tasks' own lives go on, whoever looks. */
  private void task() {
    tasks.replaceAll(
        (_, status) ->
            switch (status) {
              case BodyStatus.Waiting waiting ->
                  random.nextInt(50) == 0
                      ? new BodyStatus.Hopeless(PROBLEM)
                      : random.nextBoolean() ? new BodyStatus.Leased(WORKER) : waiting;
              case BodyStatus.Leased _ ->
                  switch (random.nextInt(6)) {
                    case 0 -> new BodyStatus.Waiting();
                    case 1 -> new BodyStatus.Broken(PROBLEM);
                    default -> new BodyStatus.Running(WORKER);
                  };
              case BodyStatus.Running running ->
                  switch (random.nextInt(12)) {
                    case 0 -> new BodyStatus.Broken(PROBLEM);
                    case 1 -> finished(Cause.IDLE);
                    case 2 -> finished(Cause.DRAINED);
                    case 3 -> finished(Cause.HIBERNATED);
                    case 4 -> new BodyStatus.Cancelled(PROBLEM);
                    default -> running;
                  };
              case BodyStatus.Ending _ -> new BodyStatus.Cancelled(PROBLEM);
              default -> status;
            });
  }

  /**
   * One look of the keeper.
   *
   * @param steps that it survives
   */
  private void keep(int steps) {
    Optional<Body> body = agent.body();
    if (body.isEmpty() || steps == 0) {
      return;
    }
    Look look = new Look(agent, body.get().task(), status(body.get().task()));
    if (random.nextInt(10) == 0) {
      event();
    }
    if (steps == 1) {
      return;
    }
    boolean news = !AgentLife.seen(look.agent, look.status, moment()).equals(look.agent);
    assertThat(AgentLife.isNews(look.agent, look.status)).isEqualTo(news);
    if (news && isOf(look.task)) {
      see(look.status);
    }
    if (steps == 2 || !isOf(look.task)) {
      return;
    }
    Errand errand = AgentLife.errand(agent, look.status);
    if (errand == Errand.SUBMIT) {
      tasks.putIfAbsent(look.task, submitted());
    } else if (errand == Errand.CANCEL) {
      tasks.computeIfPresent(
          look.task, (_, status) -> isOpen(status) ? new BodyStatus.Ending() : status);
    }
  }

  private BodyStatus submitted() {
    return random.nextInt(30) == 0 ? new BodyStatus.Unusable() : new BodyStatus.Waiting();
  }

  /** A keeper that does not crash brings it where it belongs, within a few looks. */
  private void settle() {
    for (int look = 0; look < 30; look++) {
      tasks.replaceAll(
          (_, status) ->
              switch (status) {
                case BodyStatus.Waiting _, BodyStatus.Leased _ -> new BodyStatus.Running(WORKER);
                case BodyStatus.Ending _ -> new BodyStatus.Cancelled(PROBLEM);
                default -> status;
              });
      keepOnce();
    }
    verify();
    if (agent.over()) {
      assertThat(agent.body()).isEmpty();
      assertThat(tasks.values()).noneMatch(AgentSimulationTest::isOpen);
      assertThat(commandEnds.keySet()).isEqualTo(commandBodies.keySet());
    } else if (agent.body().isPresent()) {
      assertThat(status(agent.body().get().task())).isInstanceOf(BodyStatus.Running.class);
    }
  }

  private void keepOnce() {
    Optional<Body> body = agent.body();
    if (body.isEmpty()) {
      return;
    }
    TaskId task = body.get().task();
    BodyStatus status = status(task);
    see(status);
    if (isOf(task)) {
      switch (AgentLife.errand(agent, status)) {
        case SUBMIT -> tasks.put(task, new BodyStatus.Waiting());
        case CANCEL -> tasks.put(task, new BodyStatus.Ending());
        case NONE -> {}
      }
    }
  }

  /** By the agent's row one task at most is its body; every other has ended or never was. */
  private void verify() {
    Optional<TaskId> own = agent.body().map(Body::task);
    tasks.forEach(
        (task, status) -> {
          if (isOpen(status)) {
            assertThat(own).contains(task);
          }
        });
    assertThat(commandEnds.values()).allMatch(ends -> ends == 1);
    commandBodies.forEach(
        (command, body) -> {
          boolean open = !commandEnds.containsKey(command);
          boolean given = body > 0;
          if (open && given) {
            assertThat(body).isEqualTo(agent.livingBody());
          }
        });
  }

  /** What a body that ended by itself had not begun waits again, in the same change. */
  private void see(BodyStatus status) {
    if (status instanceof BodyStatus.Finished finished && agent.livingBody() > 0) {
      commandBodies.replaceAll(
          (command, body) ->
              commandEnds.containsKey(command) || finished.begun().contains("" + command)
                  ? body
                  : 0);
      agent = agent.queued(queued());
      boolean waits = agent.queued() > 0;
      change(AgentLife.seen(agent, status, moment()));
      assertThat(agent.body().isPresent() || !waits).isTrue();
      return;
    }
    change(AgentLife.seen(agent, status, moment()));
  }

  /** Some of what it has; the rest came when it had decided to end. */
  private Set<String> begun() {
    Set<String> begun = new HashSet<>();
    commandBodies.forEach(
        (command, body) -> {
          if (body > 0 && !commandEnds.containsKey(command) && random.nextBoolean()) {
            begun.add("" + command);
          }
        });
    return begun;
  }

  private void change(Agent after) {
    if (after.equals(agent)) {
      return;
    }
    assertThat(after.stamps().revision()).isEqualTo(agent.stamps().revision() + 1);
    assertThat(after.past().bodies()).isGreaterThanOrEqualTo(agent.past().bodies());
    agent = after;
    commandBodies.forEach(
        (command, body) -> {
          boolean orphaned = body > 0 && body != agent.livingBody();
          if (!commandEnds.containsKey(command) && (orphaned || agent.over())) {
            commandEnds.merge(command, 1, Integer::sum);
          }
        });
    agent = agent.queued(queued());
  }

  private void steer(Wish wish) {
    try {
      change(wish.on(agent, moment()));
    } catch (AgentRefusal refused) {
      assertThat(refused.reason())
          .isIn(AgentRefusal.Reason.AGENT_NOT_RUNNING, AgentRefusal.Reason.AGENT_OVER);
    }
  }

  private void command() {
    if (!agent.over()) {
      change(AgentLife.commanded(agent, moment()));
      commandBodies.put(++nextCommand, 0);
      agent = agent.queued(queued());
    }
  }

  private void take() {
    if (agent.givesCommands()) {
      commandBodies.replaceAll(
          (command, body) ->
              body == 0 && !commandEnds.containsKey(command) ? agent.livingBody() : body);
      agent = agent.queued(queued());
    }
  }

  private void end() {
    commandBodies.forEach(
        (command, body) -> {
          if (body > 0 && !commandEnds.containsKey(command) && random.nextBoolean()) {
            commandEnds.put(command, 1);
          }
        });
  }

  private int queued() {
    return (int)
        commandBodies.entrySet().stream()
            .filter(one -> one.getValue() == 0 && !commandEnds.containsKey(one.getKey()))
            .count();
  }

  private void bury() {
    tasks.clear();
    commandBodies.clear();
    commandEnds.clear();
    agent = spawned();
  }

  private boolean isOf(TaskId task) {
    return agent.body().filter(body -> body.task().equals(task)).isPresent();
  }

  private BodyStatus status(TaskId task) {
    return tasks.getOrDefault(task, new BodyStatus.Absent());
  }

  private static boolean isOpen(BodyStatus status) {
    return !(status instanceof BodyStatus.Ended
        || status instanceof BodyStatus.Absent
        || status instanceof BodyStatus.Unusable);
  }

  private BodyStatus finished(Cause cause) {
    Snapshot snapshot =
        new Snapshot(agent.past().bodies(), "art_1", Document.EMPTY, now, 1, Optional.empty());
    return new BodyStatus.Finished(cause, Optional.of(snapshot), Optional.empty(), begun());
  }

  private Agent spawned() {
    return Agent.spawned(
        new AgentId(new UUID(9, 9)),
        new Agent.Origin("acme", "me", "", Document.EMPTY, "", Optional.empty()),
        new TaskId(1, ++nextTask),
        Instant.ofEpochSecond(1));
  }

  private Moment moment() {
    return new Moment(now, new TaskId(1, ++nextTask));
  }

  @FunctionalInterface
  private interface Wish {
    Agent on(Agent agent, Moment moment);
  }
}
