package dev.weft.router.store;

import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The body of an event log's row: a version, the workers and the reasons that occur, then the
 * changes, which name them by their place. Stored for the whole retention: a new form is a new
 * version, and the old one stays readable.
 */
final class EventCodec {
  private static final int VERSION = 1;
  private static final int BYTES_PER_CHANGE = 28;

  private EventCodec() {}

  static byte[] encode(List<TaskChange> changes) {
    Map<WorkerId, Integer> workers = new LinkedHashMap<>();
    Map<String, Integer> reasons = new LinkedHashMap<>();
    for (TaskChange change : changes) {
      WorkerId worker = change.worker();
      if (worker != null) {
        workers.putIfAbsent(worker, workers.size() + 1);
      }
      if (!change.reason().isEmpty()) {
        reasons.putIfAbsent(change.reason(), reasons.size() + 1);
      }
    }
    ByteSink sink = new ByteSink(64 + changes.size() * BYTES_PER_CHANGE).int8(VERSION);
    sink.varint(workers.size());
    workers.keySet().forEach(worker -> uuid(sink, worker.uuid()));
    sink.varint(reasons.size());
    reasons.keySet().forEach(sink::text);
    sink.varint(changes.size());
    for (TaskChange change : changes) {
      sink.int64(change.task().high()).int64(change.task().low());
      sink.varint(change.previousCommit()).int8(change.state().code()).varint(change.attempt());
      sink.varint(place(workers, change.worker()));
      sink.varint(change.reason().isEmpty() ? 0 : place(reasons, change.reason()));
    }
    return sink.toBytes();
  }

  static List<TaskChange> decode(byte[] body) {
    ByteSource source = new ByteSource(body);
    int version = source.int8();
    if (version != VERSION) {
      throw new IllegalStateException(
          "event row version: " + version + " (expected: " + VERSION + ")");
    }
    List<WorkerId> workers = new ArrayList<>();
    for (int left = source.count(); left > 0; left--) {
      workers.add(new WorkerId(new UUID(source.int64(), source.int64())));
    }
    List<String> reasons = new ArrayList<>();
    for (int left = source.count(); left > 0; left--) {
      reasons.add(source.text());
    }
    List<TaskChange> changes = new ArrayList<>();
    for (int left = source.count(); left > 0; left--) {
      changes.add(change(source, workers, reasons));
    }
    return changes;
  }

  private static TaskChange change(
      ByteSource source, List<WorkerId> workers, List<String> reasons) {
    TaskId task = new TaskId(source.int64(), source.int64());
    long previous = source.varint();
    TaskState state = TaskState.of(source.int8());
    int attempt = source.count();
    int worker = source.count();
    int reason = source.count();
    return new TaskChange(
        task,
        previous,
        state,
        attempt,
        worker == 0 ? null : workers.get(worker - 1),
        reason == 0 ? "" : reasons.get(reason - 1));
  }

  private static <K> int place(Map<K, Integer> places, @Nullable K key) {
    Integer place = key == null ? null : places.get(key);
    return place == null ? 0 : place;
  }

  private static void uuid(ByteSink sink, UUID uuid) {
    sink.int64(uuid.getMostSignificantBits()).int64(uuid.getLeastSignificantBits());
  }
}
