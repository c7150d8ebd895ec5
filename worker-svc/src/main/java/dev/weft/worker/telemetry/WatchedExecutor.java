package dev.weft.worker.telemetry;

import dev.weft.platform.telemetry.LogKeys;
import dev.weft.platform.telemetry.Traceparent;
import dev.weft.worker.app.Executor;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.TokenUse;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An executor whose attempts are seen: each has a span below its submitter's, which the command
 * finds in its environment, and is counted by how it ended.
 */
public final class WatchedExecutor implements Executor {

  /** Timer per ended attempt. */
  public static final String ATTEMPTS = "weft.worker.attempts";

  /** Span of an attempt: from the assignment's arrival to its result. */
  public static final String SPAN = "task.attempt";

  private static final String SUCCEEDED = "SUCCEEDED";

  private final Executor executor;
  private final String worker;
  private final OpenTelemetry tracing;
  private final MeterRegistry metrics;
  private final Map<String, Timer> timers = new ConcurrentHashMap<>();

  public WatchedExecutor(
      Executor executor, String worker, OpenTelemetry tracing, MeterRegistry metrics) {
    this.executor = executor;
    this.worker = worker;
    this.tracing = tracing;
    this.metrics = metrics;
  }

  @Override
  public String kind() {
    return executor.kind();
  }

  @Override
  public Execution start(Assignment assignment, Listener listener) {
    if (assignment.traceparent().isEmpty()) {
      return executor.start(assignment, new Watch(listener, Span.getInvalid(), ""));
    }
    var propagator = tracing.getPropagators().getTextMapPropagator();
    Context parent = Traceparent.parse(assignment.traceparent(), propagator);
    Span span =
        tracing
            .getTracer("dev.weft.worker")
            .spanBuilder(SPAN)
            .setParent(parent)
            .setAttribute(LogKeys.TASK_ID, assignment.key().taskId())
            .setAttribute(LogKeys.ATTEMPT, assignment.key().number())
            .setAttribute(LogKeys.WORKER_ID, worker)
            .setAttribute(LogKeys.EXECUTOR, kind())
            .startSpan();
    String own = Traceparent.of(parent.with(span), propagator).orElse(assignment.traceparent());
    return executor.start(assignment.withTraceparent(own), new Watch(listener, span, own));
  }

  private Timer timer(String reason) {
    return Timer.builder(ATTEMPTS).tag("executor", kind()).tag("reason", reason).register(metrics);
  }

  private final class Watch implements Listener {

    private final Listener listener;
    private final Span span;
    private final String traceparent;

    Watch(Listener listener, Span span, String traceparent) {
      this.traceparent = traceparent;
      this.listener = listener;
      this.span = span;
    }

    @Override
    public void started(AttemptKey key) {
      listener.started(key);
    }

    @Override
    public void used(AttemptKey key, TokenUse use) {
      listener.used(key, use);
    }

    @Override
    public void ended(AttemptResult result) {
      String reason = result.failure().map(failure -> failure.reason().name()).orElse(SUCCEEDED);
      timers
          .computeIfAbsent(reason, WatchedExecutor.this::timer)
          .record(result.report().wallTime());
      span.setAttribute(LogKeys.EXIT_CODE, result.report().exitCode());
      if (!result.successful()) {
        span.setAttribute(LogKeys.REASON, reason);
        span.setStatus(StatusCode.ERROR, reason);
      }
      span.end();
      listener.ended(result.withTraceparent(traceparent));
    }
  }
}
