package dev.weft.registry.app;

import dev.weft.registry.domain.fleet.Unsaved;
import dev.weft.registry.domain.fleet.WorkerId;
import dev.weft.registry.domain.fleet.WorkerRecord;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store in memory that keeps the contract, and fails when it is told to. */
public final class MemoryWorkerStore implements WorkerStore {

  private final Map<WorkerId, WorkerRecord> records = new LinkedHashMap<>();
  private final List<Unsaved> writes = new ArrayList<>();
  private long epoch;
  private @Nullable RuntimeException failure;

  /** Another registry has taken the cell. */
  public synchronized void heldUnder(long newEpoch) {
    epoch = newEpoch;
  }

  /** From now on every write fails, until told null. */
  public synchronized void failWith(@Nullable RuntimeException e) {
    failure = e;
  }

  /** The writes that were carried out. */
  public synchronized List<Unsaved> writes() {
    return List.copyOf(writes);
  }

  @Override
  public Uni<List<WorkerRecord>> loadAll() {
    return Uni.createFrom().item(this::copy);
  }

  @Override
  public Uni<SaveOutcome> save(long writer, Unsaved unsaved) {
    return Uni.createFrom().item(() -> write(writer, unsaved));
  }

  private synchronized List<WorkerRecord> copy() {
    return List.copyOf(records.values());
  }

  private synchronized SaveOutcome write(long writer, Unsaved unsaved) {
    if (failure != null) {
      throw failure;
    }
    if (writer != epoch) {
      return SaveOutcome.EPOCH_OVER;
    }
    writes.add(unsaved);
    unsaved.changed().forEach(this::put);
    unsaved.gone().forEach(records::remove);
    return SaveOutcome.SAVED;
  }

  private void put(WorkerRecord record) {
    WorkerRecord before = records.get(record.id());
    if (before == null || before.incarnation() <= record.incarnation()) {
      records.put(record.id(), record);
    }
  }
}
