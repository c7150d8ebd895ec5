package dev.weft.router.grpc;

import dev.weft.platform.telemetry.LogKeys;
import dev.weft.platform.telemetry.Traceparent;
import dev.weft.platform.telemetry.TracingServerInterceptor;
import dev.weft.router.domain.cell.Assignment;
import dev.weft.router.domain.cell.AttemptKey;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The placer's part of a task's trace: its wait for a worker, and the settling of its result. A
 * wait's span is made when it is over, so that a task that waits costs nothing; where tracing is
 * off, texts pass through unread.
 */
public final class TaskSpans {

  /** From admission, or the end of the attempt before, to the lease. */
  static final String DISPATCH = "task.dispatch";

  /** From a result's arrival to its commit. */
  static final String RESULT = "task.result";

  private final Tracer tracer;
  private final TextMapPropagator propagator;
  private final InstantSource clock;
  private final boolean on;

  public TaskSpans(OpenTelemetry telemetry, InstantSource clock) {
    this.tracer = telemetry.getTracer("dev.weft.router");
    this.propagator = telemetry.getPropagators().getTextMapPropagator();
    this.clock = clock;
    this.on = !propagator.fields().isEmpty();
  }

  /** Makes none. */
  static TaskSpans none() {
    return new TaskSpans(OpenTelemetry.noop(), InstantSource.system());
  }

  /** Where a task that comes with the present call goes on. */
  String admitted(String submitted) {
    return on && !submitted.isEmpty()
        ? Traceparent.nearer(submitted, TracingServerInterceptor.current(), propagator)
        : submitted;
  }

  /**
   * Where the attempt goes on, whose lease is durable now.
   *
   * @param admitted where the task was admitted
   */
  String dispatched(Assignment assignment, String admitted, String worker) {
    if (!on || admitted.isEmpty()) {
      return admitted;
    }
    Context parent = Traceparent.parse(admitted, propagator);
    Instant now = clock.instant();
    Span span = start(DISPATCH, parent, now.minus(assignment.waited()), assignment.key(), worker);
    span.end(now);
    return Traceparent.of(parent.with(span), propagator).orElse(admitted);
  }

  /** A result that has come; to be ended when it is settled. */
  Span reported(AttemptKey key, String attempt, String worker) {
    return on && !attempt.isEmpty()
        ? start(RESULT, Traceparent.parse(attempt, propagator), clock.instant(), key, worker)
        : Span.getInvalid();
  }

  private Span start(String name, Context parent, Instant begin, AttemptKey key, String worker) {
    return tracer
        .spanBuilder(name)
        .setParent(parent)
        .setStartTimestamp(begin)
        .setAttribute(LogKeys.TASK_ID, WireIds.text(key.task()))
        .setAttribute(LogKeys.ATTEMPT, key.attempt())
        .setAttribute(LogKeys.WORKER_ID, worker)
        .startSpan();
  }
}
