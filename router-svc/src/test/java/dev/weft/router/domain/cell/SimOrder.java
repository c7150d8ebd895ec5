package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.placement.HardFilter;
import dev.weft.router.domain.placement.StandardFilter;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** I6, seen right after a seal: nothing that could run waits, and nothing lower went before it. */
final class SimOrder {

  private final Cell cell;

  SimOrder(Cell cell) {
    this.cell = cell;
  }

  void check(int batchRows, GroupCommit sealed) {
    boolean cut = sealed.tasks().admitted().size() + sealed.tasks().changed().size() >= batchRows;
    Map<Integer, Integer> lowestWaiting = new HashMap<>();
    cell.core()
        .tasks
        .forEach(
            entry -> {
              if (entry.waiting() && !entry.delayed()) {
                lowestWaiting.merge(entry.stream.shape.id, entry.stream.priority.code(), Math::min);
                if (!cut && cell.core().reserve.allows(entry.stream, away(entry.stream.shape))) {
                  assertThat(someRoom(entry.stream.shape))
                      .as("I6: %s waits while a credit that fits is free", entry.id())
                      .isFalse();
                }
              }
            });
    sealed
        .tasks()
        .admitted()
        .forEach(
            task -> {
              if (task.row().progress().state() == TaskState.LEASED && !overdue(task)) {
                int shape = task.row().origin().shape();
                assertThat(task.row().origin().priority().code())
                    .as("I6: a lower class went first")
                    .isLessThanOrEqualTo(lowestWaiting.getOrDefault(shape, Integer.MAX_VALUE));
              }
            });
  }

  /** Ageing lets such a one go first now and then; by its class's deadline, not its own. */
  private boolean overdue(AdmittedTask task) {
    long age = cell.core().clock.databaseMillis() - task.row().id().mintedAtMillis();
    return age > task.row().origin().priority().deadline().toMillis();
  }

  /** Where some are out for standing out, among the others; where all are, among them. */
  private boolean someRoom(Shape shape) {
    HardFilter in = cell.ejector().filter(shape);
    List<WorkerSlot> able = passing(shape, in);
    if (able.isEmpty()) {
      able = passing(shape, new StandardFilter());
    }
    return able.stream()
        .anyMatch(slot -> slot.hasRoom(shape.need.executor(), shape.need.resources()));
  }

  private Set<WorkerId> away(Shape shape) {
    return cell.ejector().away(shape).keySet();
  }

  private List<WorkerSlot> passing(Shape shape, HardFilter filter) {
    return cell.core().fleet.slots().stream()
        .filter(slot -> filter.refuse(shape.need, slot).isEmpty())
        .toList();
  }
}
