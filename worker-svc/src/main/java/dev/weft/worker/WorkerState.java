package dev.weft.worker;

import dev.weft.worker.app.WorkView;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/** Whether the worker takes work, for who asks on its health port. */
@Singleton
@Readiness
public final class WorkerState implements HealthCheck {

  private volatile @Nullable WorkerProcess process;
  private volatile boolean stopping;

  void running(WorkerProcess value) {
    process = value;
  }

  void stopping() {
    stopping = true;
  }

  @Override
  public HealthCheckResponse call() {
    WorkerProcess current = process;
    if (current == null || stopping) {
      return HealthCheckResponse.named("worker").down().build();
    }
    WorkView view = current.view().orTimeout(2, TimeUnit.SECONDS).join();
    return HealthCheckResponse.named("worker")
        .status(view.connected() && !view.draining())
        .withData("activity", view.activity().name())
        .withData("slots_used", view.slotsUsed())
        .withData("slots_total", view.slotsTotal())
        .build();
  }
}
