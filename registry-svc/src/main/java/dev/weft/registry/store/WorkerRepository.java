package dev.weft.registry.store;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;

/** The worker table's queries. */
@ApplicationScoped
class WorkerRepository implements PanacheRepositoryBase<WorkerEntity, String> {

  Uni<List<WorkerEntity>> inCell(int cell) {
    return list("cell", cell);
  }

  Uni<List<WorkerEntity>> withIds(int cell, Collection<String> ids) {
    return list("cell = ?1 and id in ?2", cell, ids);
  }

  Uni<Long> deleteIds(int cell, Collection<String> ids) {
    return delete("cell = ?1 and id in ?2", cell, ids);
  }
}
