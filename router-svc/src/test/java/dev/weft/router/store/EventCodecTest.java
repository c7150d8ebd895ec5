package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventCodecTest {

  @Test
  void whateverIsWrittenIsReadBack() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      List<TaskChange> changes = new ArrayList<>();
      for (int i = random.nextInt(50); i > 0; i--) {
        changes.add(change(random));
      }

      assertThat(EventCodec.decode(EventCodec.encode(changes))).isEqualTo(changes);
    }
  }

  @Test
  void storedFormDoesNotChange() {
    TaskChange change =
        new TaskChange(
            new TaskId(1, 2), 300, TaskState.FAILED, 4, new WorkerId(new UUID(5, 6)), "LOST");

    assertThat(HexFormat.of().formatHex(EventCodec.encode(List.of(change))))
        .isEqualTo(
            "01" // version
                + "0100000000000000050000000000000006" // workers
                + "01044c4f5354" // reasons
                + "01" // changes
                + "00000000000000010000000000000002ac0206040101");
  }

  @Test
  void unknownVersionIsRefused() {
    assertThatThrownBy(() -> EventCodec.decode(new byte[] {2, 0, 0, 0}))
        .hasMessage("event row version: 2 (expected: 1)");
  }

  private static TaskChange change(Random random) {
    TaskState[] states = TaskState.values();
    return new TaskChange(
        new TaskId(random.nextLong(), random.nextLong()),
        random.nextLong(Long.MAX_VALUE),
        states[random.nextInt(states.length)],
        random.nextInt(1_000_000),
        random.nextBoolean() ? null : new WorkerId(new UUID(random.nextInt(3), 1)),
        random.nextBoolean() ? "" : "REASON_" + random.nextInt(3));
  }
}
