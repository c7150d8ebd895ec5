package dev.weft.platform.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.IllegalFormatException;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;

/**
 * One JSON object a line: the constant message, its facts as fields of their own, and the trace in
 * which it was said. What a value looks like can't make a field: facts are read from the statement,
 * not from the text that it becomes.
 */
public final class JsonLines extends ExtFormatter {

  private final String service;

  /**
   * @param service whose lines they are
   */
  public JsonLines(String service) {
    this.service = service;
  }

  @Override
  public String format(ExtLogRecord entry) {
    JsonObject line = new JsonObject();
    line.put("timestamp", Instant.ofEpochMilli(entry.getMillis()).toString());
    line.put("level", level(entry.getLevel().intValue()));
    line.put("service", service);
    line.put("logger", entry.getLoggerName());
    line.put("thread", entry.getThreadName());
    LogFacts facts = LogFacts.of(entry, text(entry));
    line.put("message", facts.message());
    facts.values().forEach(line::put);
    SpanContext span = Span.fromContext(TracingServerInterceptor.current()).getSpanContext();
    if (span.isValid()) {
      line.put("traceId", span.getTraceId());
      line.put("spanId", span.getSpanId());
    }
    if (entry.getThrown() != null) {
      StringWriter stack = new StringWriter();
      entry.getThrown().printStackTrace(new PrintWriter(stack, true));
      line.put("stack", stack.toString());
    }
    return line.end() + '\n';
  }

  private String text(ExtLogRecord entry) {
    try {
      return String.valueOf(formatMessage(entry));
    } catch (IllegalFormatException e) {
      return String.valueOf(entry.getMessage());
    }
  }

  /** The same few words whichever of its names the logger used. */
  private static String level(int value) {
    if (value >= Level.ERROR.intValue()) {
      return "ERROR";
    }
    if (value >= Level.WARN.intValue()) {
      return "WARN";
    }
    return value >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }
}
