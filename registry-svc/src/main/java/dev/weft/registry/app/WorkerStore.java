package dev.weft.registry.app;

import dev.weft.registry.domain.fleet.Unsaved;
import dev.weft.registry.domain.fleet.WorkerRecord;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * Profiles and statistics that outlive the registry. A call that fails leaves open whether it was
 * carried out; it may be repeated.
 */
public interface WorkerStore {

  /** Every worker of the cell. */
  Uni<List<WorkerRecord>> loadAll();

  /**
   * Writes all or nothing, and only while {@code epoch} is the one that holds the cell. A record
   * never replaces one of a newer incarnation; to delete a worker that is not there is no failure.
   */
  Uni<SaveOutcome> save(long epoch, Unsaved unsaved);
}
