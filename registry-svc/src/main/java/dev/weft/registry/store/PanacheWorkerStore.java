package dev.weft.registry.store;

import dev.weft.platform.lease.CellFence;
import dev.weft.registry.app.SaveOutcome;
import dev.weft.registry.app.WorkerStore;
import dev.weft.registry.domain.fleet.Unsaved;
import dev.weft.registry.domain.fleet.WorkerId;
import dev.weft.registry.domain.fleet.WorkerRecord;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Workers in PostgreSQL. Each call runs on an event loop of its own choice and to its end, whatever
 * becomes of the caller, so that no pooled connection is left with a transaction open. Writes are
 * carried out one after the other, so that one that was given up never overtakes a later one.
 */
public final class PanacheWorkerStore implements WorkerStore {

  private static final String ROLE = "registry";
  private static final int BATCH = 100;

  private final WorkerRepository workers;
  private final ReactiveContext context;
  private final int cell;
  private final OneByOne writes = new OneByOne();

  PanacheWorkerStore(WorkerRepository workers, ReactiveContext context, int cell) {
    this.workers = workers;
    this.context = context;
    this.cell = cell;
  }

  @Override
  public Uni<List<WorkerRecord>> loadAll() {
    Supplier<Uni<List<WorkerRecord>>> reading =
        () ->
            Panache.withSession(() -> workers.inCell(cell))
                .map(rows -> rows.stream().map(WorkerEntity::toRecord).toList());
    return context.run(reading);
  }

  @Override
  public Uni<SaveOutcome> save(long epoch, Unsaved unsaved) {
    Supplier<Uni<SaveOutcome>> writing =
        () ->
            Panache.withTransaction(
                    () ->
                        Panache.getSession()
                            .chain(session -> guard(session, epoch))
                            .chain(session -> write(session, unsaved)))
                .replaceWith(SaveOutcome.SAVED);
    return writes
        .next(() -> context.run(writing))
        .onFailure(PanacheWorkerStore::refused)
        .recoverWithItem(SaveOutcome.EPOCH_OVER);
  }

  /** Its own statement, the first of the transaction, so that it sees the epoch under the lock. */
  private Uni<Mutiny.Session> guard(Mutiny.Session session, long epoch) {
    return session
        .createNativeQuery("select 1 from guard(:cell, :role, :epoch)", Integer.class)
        .setParameter("cell", cell)
        .setParameter("role", ROLE)
        .setParameter("epoch", epoch)
        .getSingleResult()
        .replaceWith(session);
  }

  private Uni<Void> write(Mutiny.Session session, Unsaved unsaved) {
    session.setBatchSize(BATCH);
    return change(unsaved.changed()).chain(() -> forget(unsaved.gone()));
  }

  private Uni<Void> change(Collection<WorkerRecord> records) {
    if (records.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Map<String, WorkerRecord> byId = new HashMap<>();
    records.forEach(record -> byId.put(record.id().text(), record));
    return workers
        .withIds(cell, byId.keySet())
        .chain(
            rows -> {
              for (WorkerEntity row : rows) {
                WorkerRecord record = byId.remove(row.id);
                if (record != null) {
                  row.take(record);
                }
              }
              return insert(byId.values());
            });
  }

  private Uni<Void> insert(Collection<WorkerRecord> records) {
    return records.isEmpty()
        ? Uni.createFrom().voidItem()
        : workers.persist(records.stream().map(record -> WorkerEntity.of(cell, record)));
  }

  private Uni<Void> forget(Collection<WorkerId> gone) {
    return gone.isEmpty()
        ? Uni.createFrom().voidItem()
        : workers.deleteIds(cell, gone.stream().map(WorkerId::text).toList()).replaceWithVoid();
  }

  private static boolean refused(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException e && CellFence.refused(e)) {
        return true;
      }
    }
    return false;
  }
}
