package dev.weft.registry.store;

import dev.weft.registry.app.WorkerStore;
import jakarta.enterprise.context.ApplicationScoped;

/** Opens the store of a cell. */
@ApplicationScoped
public class WorkerStores {

  private final WorkerRepository workers;
  private final ReactiveContext context;

  WorkerStores(WorkerRepository workers, ReactiveContext context) {
    this.workers = workers;
    this.context = context;
  }

  public WorkerStore ofCell(int cell) {
    return new PanacheWorkerStore(workers, context, cell);
  }
}
