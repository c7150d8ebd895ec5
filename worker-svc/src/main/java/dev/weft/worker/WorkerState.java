package dev.weft.worker;

import dev.weft.worker.app.WorkView;
import dev.weft.worker.app.probe.OwnHealth;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The running worker, for those who ask about it. */
@Singleton
public final class WorkerState {

  private static final long PATIENCE_SECONDS = 2;

  private volatile @Nullable WorkerProcess process;

  void running(WorkerProcess value) {
    process = value;
  }

  void stopping() {
    process = null;
  }

  /** How the worker is by what it knows itself; nothing before it is up and when it stops. */
  Optional<OwnHealth> health() {
    WorkerProcess current = process;
    return current == null ? Optional.empty() : view().map(current::health);
  }

  /** What the worker is doing; nothing before it is up and when it stops. */
  Optional<WorkView> view() {
    WorkerProcess current = process;
    return current == null
        ? Optional.empty()
        : Optional.of(current.view().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join());
  }
}
