package dev.weft.router.grpc;

import dev.weft.router.domain.cell.Assignment;
import dev.weft.router.domain.cell.AttemptKey;
import io.opentelemetry.api.trace.Span;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The spans of what passes over one work stream; never one of the stream itself. */
final class StreamSpans {

  private final TaskSpans spans;
  private final String worker;
  private final Map<AttemptKey, Span> unsettled = new ConcurrentHashMap<>();

  /**
   * @param worker whose stream it is
   */
  StreamSpans(TaskSpans spans, String worker) {
    this.spans = spans;
    this.worker = worker;
  }

  String dispatched(Assignment assignment, String admitted) {
    return spans.dispatched(assignment, admitted, worker);
  }

  /** A result has come. */
  void reported(AttemptKey key, String attempt) {
    Span span = spans.reported(key, attempt, worker);
    if (span.getSpanContext().isValid() && unsettled.putIfAbsent(key, span) != null) {
      // Sent once more: the first is being settled.
      span.end();
    }
  }

  /** A result is durable, or is known to be none. */
  void settled(AttemptKey key) {
    Span span = unsettled.remove(key);
    if (span != null) {
      span.end();
    }
  }

  /** Nobody is told over this stream any more. */
  void abandon() {
    unsettled.keySet().forEach(this::settled);
  }
}
