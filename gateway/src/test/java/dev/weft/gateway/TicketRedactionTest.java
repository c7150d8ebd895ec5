package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import org.junit.jupiter.api.Test;

class TicketRedactionTest {

  private static final AttributeKey<String> QUERY = AttributeKey.stringKey("url.query");

  @Test
  void aTicketInAUrlIsNotInItsSpan() {
    assertThat(query("cursor=1.2&ticket=wfs_secret&mode=viewer"))
        .isEqualTo("cursor=1.2&ticket=…&mode=viewer");
    assertThat(query("pageSize=2")).isEqualTo("pageSize=2");
  }

  private static String query(String given) {
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder().addSpanProcessor(new TicketRedaction()).build()) {
      Span span = provider.get("test").spanBuilder("GET").setAttribute(QUERY, given).startSpan();
      return ((ReadableSpan) span).getAttribute(QUERY);
    }
  }
}
