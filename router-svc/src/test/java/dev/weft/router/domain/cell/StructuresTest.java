package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StructuresTest {

  private final Shape shape = new Shape(1, "acme", Workers.ANY_SHELL);
  private final TaskStream stream =
      new TaskStream(PriorityClass.P2, shape, RetryTerms.DEFAULT, false);

  @Test
  void theTableAnswersAsAMapDoes() {
    TaskTable table = new TaskTable();
    Map<TaskId, TaskEntry> model = new HashMap<>();
    Random random = new Random(3);
    for (int i = 0; i < 200_000; i++) {
      TaskId id = new TaskId((long) random.nextInt(60) << 16, random.nextInt(200));
      TaskEntry known = model.get(id);
      assertThat(table.get(id)).isSameAs(known);
      if (known == null && random.nextInt(3) != 0) {
        TaskEntry entry = new TaskEntry(id, i, stream, 0, 0, Affinity.NONE);
        table.add(entry);
        model.put(id, entry);
      } else if (known != null) {
        table.remove(known);
        model.remove(id);
      }
    }
    List<TaskEntry> all = new ArrayList<>();
    table.forEach(all::add);
    assertThat(all).containsExactlyInAnyOrderElementsOf(model.values());
    assertThat(table.size()).isEqualTo(model.size());
  }

  @Test
  void theRingKnowsTheNewestIdsAndNoOthers() {
    int most = 3_000;
    IdRing ring = new IdRing(most);
    ArrayDeque<TaskId> model = new ArrayDeque<>();
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      if (random.nextInt(10) == 0 && !model.isEmpty()) {
        ring.removeOldest();
        model.removeFirst();
      } else {
        TaskId id = new TaskId((long) random.nextInt(60) << 16, random.nextInt(100));
        ring.add(id.high(), id.low());
        model.addLast(id);
        if (model.size() > most) {
          model.removeFirst();
        }
      }
      TaskId asked = new TaskId((long) random.nextInt(60) << 16, random.nextInt(100));
      int found = 0;
      int slot = ring.find(asked.high(), asked.low());
      for (; slot != IdRing.NONE; slot = ring.older(slot)) {
        found++;
      }
      assertThat(found).isEqualTo((int) model.stream().filter(asked::equals).count());
      assertThat(ring.size()).isEqualTo(model.size());
    }
  }

  @Test
  void timersComeInOrderAndForgetWhatNoLongerWaits() {
    Timers timers = new Timers();
    Random random = new Random(4);
    for (int i = 0; i < 5_000; i++) {
      TaskEntry entry = entry(random.nextInt(10_000));
      timers.add(entry.seq(), entry);
      if (i % 3 == 0) {
        entry.state(TaskState.CANCELLED);
      }
    }
    assertThat(timers.poll(-1)).isNull();
    long before = -1;
    int seen = 0;
    for (TaskEntry due = timers.poll(9_999); due != null; due = timers.poll(9_999)) {
      assertThat(due.seq()).isGreaterThanOrEqualTo(before);
      before = due.seq();
      seen++;
    }
    assertThat(seen).isEqualTo(3_333);
  }

  @Test
  void aStreamGivesTasksInTheOrderOfTheirSeqWhereverTheyComeFrom() {
    List<TaskEntry> back = List.of(entry(5), entry(2), entry(9));
    for (long seq : new long[] {1, 3, 4, 8, 10}) {
      stream.append(entry(seq));
    }
    back.forEach(stream::giveBack);
    assertThat(drain()).containsExactly(1L, 2L, 3L, 4L, 5L, 8L, 9L, 10L);
  }

  @Test
  void aStreamForgetsDeadTasksInItsMiddle() {
    List<TaskEntry> entries = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      TaskEntry entry = entry(i);
      entries.add(entry);
      stream.append(entry);
    }
    for (int i = 0; i < 10_000; i++) {
      if (i % 10 != 0) {
        entries.get(i).state(TaskState.CANCELLED);
        stream.died();
      }
    }
    assertThat(entries.get(10).next()).as("swept").isNotSameAs(entries.get(11));
    assertThat(drain()).hasSize(1_000).isSorted();
  }

  @Test
  void anEntryKeepsItsSmallNumbersApart() {
    TaskEntry entry = entry(1);
    entry.failures(20);
    entry.losses(3);
    entry.state(TaskState.CANCELLING);
    entry.delayed(true);
    entry.touched(true);
    assertThat(entry.failures()).isEqualTo(20);
    assertThat(entry.losses()).isEqualTo(3);
    assertThat(entry.state()).isEqualTo(TaskState.CANCELLING);
    assertThat(entry.delayed()).isTrue();
    entry.delayed(false);
    assertThat(entry.touched()).isTrue();
    assertThat(entry.fresh()).isFalse();
  }

  @Test
  void aTaskOfAnOldMinuteForcesANewSetOfBuckets() {
    Buckets buckets = new Buckets();
    long now = 100 * 60_000L;
    TaskId recent = minted(now);
    TaskId old = minted(now - 5 * 60_000);
    buckets.opened(recent);
    assertThat(buckets.urgent()).as("nothing is stored yet").isTrue();
    assertThat(buckets.snapshot(now).readFrom()).isEqualTo(99);
    buckets.opened(recent);
    assertThat(buckets.urgent()).as("read anyway").isFalse();
    buckets.opened(old);
    assertThat(buckets.urgent()).isTrue();
    assertThat(buckets.snapshot(now).minutes()).containsExactly(95L);
    buckets.closed(old);
    assertThat(buckets.stale(now)).isTrue();
    assertThat(buckets.snapshot(now).minutes()).isEmpty();
    assertThat(buckets.stale(now)).isFalse();
  }

  private static TaskId minted(long millis) {
    return new TaskId(millis << 16, 1);
  }

  private List<Long> drain() {
    List<Long> order = new ArrayList<>();
    for (TaskEntry head = stream.peek(); head != null; head = stream.peek()) {
      order.add(head.seq());
      stream.take(head);
    }
    return order;
  }

  private TaskEntry entry(long seq) {
    return new TaskEntry(new TaskId(seq, seq), seq, stream, 0, 0, Affinity.NONE);
  }
}
