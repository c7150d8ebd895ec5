package dev.weft.worker;

import dev.weft.platform.mesh.MeshTelemetry;
import dev.weft.platform.telemetry.TelemetryConfig;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import dev.weft.worker.telemetry.WatchedExecutor;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.concurrent.CountDownLatch;
import org.jboss.logging.Logger;

/**
 * Runs a worker until it is told to stop. The first SIGTERM drains, a second one ends what runs at
 * once; both end with exit code 0 and nothing left running.
 */
@QuarkusMain
public final class WorkerMain implements QuarkusApplication {

  private static final Logger LOG = Logger.getLogger(WorkerMain.class);

  private final WorkerConfig config;
  private final OpenTelemetry tracing;
  private final MeterRegistry metrics;
  private final WorkerState state;

  WorkerMain(WorkerConfig config, OpenTelemetry tracing, MeterRegistry metrics, WorkerState state) {
    this.config = config;
    this.tracing = TelemetryConfig.taken(tracing);
    this.metrics = metrics;
    this.state = state;
  }

  @Override
  public int run(String... args) {
    CountDownLatch stop = new CountDownLatch(1);
    StopSignals signals = StopSignals.listen(stop::countDown);
    WorkerProcess process;
    try {
      process = new WorkerProcess(config, watching(stop));
    } catch (InterruptedException e) {
      return 0;
    } catch (Exception e) {
      LOG.errorf(e, "the worker can't start: error=%s", e.getMessage());
      return 1;
    }
    signals.onSecond(process::hurry);
    process.start();
    state.running(process);
    try {
      stop.await();
    } catch (InterruptedException e) {
      LOG.debug("interrupted: stopping");
    }
    state.stopping();
    process.close();
    return 0;
  }

  private WorkerProcess.Watching watching(CountDownLatch stop) {
    return new WorkerProcess.Watching(
        (executor, worker) -> new WatchedExecutor(executor, worker, tracing, metrics),
        MeshTelemetry.of(
                tracing,
                metrics,
                StoreServiceGrpc.getStoreArtifactMethod(),
                StoreServiceGrpc.getFetchArtifactMethod(),
                StoreServiceGrpc.getStoreBlobsMethod(),
                StoreServiceGrpc.getFetchBlobsMethod())
            .clients(),
        stop::countDown);
  }
}
