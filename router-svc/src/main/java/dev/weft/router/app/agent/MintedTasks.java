package dev.weft.router.app.agent;

import dev.weft.platform.id.IdGenerator;
import dev.weft.router.domain.task.TaskId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Ids of a cell's tasks. */
public record MintedTasks(int cell, InstantSource clock, RandomGenerator random)
    implements StoredAgents.TaskIds {

  @Override
  public TaskId now() {
    return at(clock.instant());
  }

  @Override
  public TaskId at(Instant time) {
    return TaskId.of(new IdGenerator(cell, () -> time, random).next());
  }
}
