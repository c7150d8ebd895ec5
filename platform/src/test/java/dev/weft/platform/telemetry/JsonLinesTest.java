package dev.weft.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.vertx.core.json.JsonObject;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

  private final JsonLines lines = new JsonLines("weft-test");

  @Test
  void theMessageIsConstantAndFactsAreFields() {
    JsonObject line = said("cell given back: role=%s epoch=%d", "router", 7L);

    assertThat(line.getString("message")).isEqualTo("cell given back");
    assertThat(line.getString("role")).isEqualTo("router");
    assertThat(line.getLong("epoch")).isEqualTo(7);
    assertThat(line.getString("service")).isEqualTo("weft-test");
    assertThat(line.getString("level")).isEqualTo("INFO");
    assertThat(line.getInstant("timestamp")).isNotNull();
    assertThat(line.fieldNames()).doesNotContain("traceId", "stack");
  }

  @Test
  void theLevelHasOneNameWhoeverLogs() {
    ExtLogRecord entry = entry("careful");
    entry.setLevel(java.util.logging.Level.WARNING);

    assertThat(read(lines.format(entry)).getString("level")).isEqualTo("WARN");
  }

  @Test
  void aKeyMayBeAnArgument() {
    JsonObject line = said("tenant erased: %s=%s %s=%d", LogKeys.TENANT, "acme", LogKeys.COUNT, 3);

    assertThat(line.getString("message")).isEqualTo("tenant erased");
    assertThat(line.getString("tenant")).isEqualTo("acme");
    assertThat(line.getInteger("count")).isEqualTo(3);
  }

  @Test
  void argumentsBeforeTheFactsStayInTheMessage() {
    JsonObject line = said("nobody took it in %s: attempt=%s", "10 s", "tsk_1/1@2");

    assertThat(line.getString("message")).isEqualTo("nobody took it in 10 s");
    assertThat(line.getString("attempt")).isEqualTo("tsk_1/1@2");
  }

  @Test
  void aValueForgesNeitherALineNorAField() {
    JsonObject line = said("failed: error=%s", "x\n{\"a\":1} taskId=tsk_0 \"\\\u2028\ud800");

    assertThat(line.getString("error")).startsWith("x\n{\"a\":1} taskId=tsk_0 \"\\\u2028");
    assertThat(line.fieldNames()).doesNotContain("taskId", "a");
  }

  @Test
  void aFactTakesNoNameOfTheLinesOwn() {
    assertThat(said("limits: level=%s", "NAMESPACES").getString("level")).isEqualTo("INFO");
  }

  @Test
  void aStatementThatIsNotWhatItSeemsStaysText() {
    assertThat(said("100 % sure: a=%s").getString("message")).contains("100 % sure");
    assertThat(said("too few: a=%s b=%s", 1).getString("message")).contains("too few");
  }

  @Test
  void theTraceInWhichItWasSaidStandsBesideIt() {
    String text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    Context trace = Traceparent.parse(text);
    JsonObject line;
    try (Scope _ = trace.makeCurrent()) {
      line = said("here");
    }

    assertThat(line.getString("traceId")).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(line.getString("spanId")).isEqualTo("00f067aa0ba902b7");
    assertThat(Span.fromContext(trace).isRecording()).isFalse();
  }

  @Test
  void aFailuresStackIsOneField() {
    ExtLogRecord entry = entry("broken: error=%s", "why");
    entry.setThrown(new IllegalStateException("why"));

    assertThat(read(lines.format(entry)).getString("stack"))
        .startsWith("java.lang.IllegalStateException: why\n");
  }

  private JsonObject said(String format, Object... arguments) {
    return read(lines.format(entry(format, arguments)));
  }

  private static ExtLogRecord entry(String format, Object... arguments) {
    ExtLogRecord entry =
        new ExtLogRecord(Level.INFO, format, FormatStyle.PRINTF, JsonLinesTest.class.getName());
    entry.setParameters(arguments);
    return entry;
  }

  private static JsonObject read(String line) {
    assertThat(line.strip()).hasLineCount(1);
    return new JsonObject(line);
  }
}
