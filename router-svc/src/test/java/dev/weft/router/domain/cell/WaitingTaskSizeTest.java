package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a waiting task takes of the placer's memory, of which there may be two million. */
class WaitingTaskSizeTest {

  /** With compact headers and references, as the placer's JVM has them. */
  private static final int HEADER = 8;

  private static final int REFERENCE = 4;
  private static final int ALIGNMENT = 8;
  private static final int MOST = 64;

  @Test
  void anEntryAndItsPartOfTheTableTakeNoMoreThan64Bytes() throws ReflectiveOperationException {
    TaskTable table = new TaskTable();
    Field slots = TaskTable.class.getDeclaredField("slots");
    slots.setAccessible(true);
    Shape shape = new Shape(1, "acme", Workers.ANY_SHELL);
    TaskStream stream = new TaskStream(PriorityClass.P2, shape, RetryTerms.DEFAULT, false);
    Random random = new Random(1);
    int entry = entryBytes();

    for (int size = 1; size <= 300_000; size++) {
      table.add(
          new TaskEntry(
              new TaskId(random.nextLong(), random.nextLong()), size, stream, 0, 0, Affinity.NONE));
      if (size > 1_000) {
        double part = (double) REFERENCE * Array.getLength(slots.get(table)) / size;
        assertThat(entry + part).as("bytes of each of %d", size).isLessThanOrEqualTo(MOST);
      }
    }
  }

  private static int entryBytes() {
    int fields =
        Arrays.stream(TaskEntry.class.getDeclaredFields())
            .filter(field -> !Modifier.isStatic(field.getModifiers()))
            .mapToInt(field -> bytes(field.getType()))
            .sum();
    return Math.ceilDiv(HEADER + fields, ALIGNMENT) * ALIGNMENT;
  }

  private static int bytes(Class<?> type) {
    if (type == long.class) {
      return Long.BYTES;
    }
    return type.isPrimitive() ? Integer.BYTES : REFERENCE;
  }
}
