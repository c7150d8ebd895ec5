package dev.weft.gateway.app;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Sends batches of submissions to the cell. */
public interface Submitter<T, A> {

  /**
   * A submission under the id that it will have.
   *
   * @param resent sent before with an unknown outcome
   */
  record Parcel<T>(UUID id, T task, boolean resent) {}

  /**
   * One outcome per parcel, in order. A stage that fails with CELL_UNAVAILABLE means that nobody
   * took any of them, any other failure that every outcome is unknown.
   */
  CompletionStage<List<SubmitOutcome<A>>> send(List<Parcel<T>> batch, Duration deadline);
}
