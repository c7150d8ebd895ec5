package dev.weft.gateway;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keeps session tickets, which stand in URLs, out of spans. */
@Singleton
class TicketRedaction implements SpanProcessor {

  private static final List<AttributeKey<String>> URLS =
      List.of(
          AttributeKey.stringKey("url.query"),
          AttributeKey.stringKey("url.full"),
          AttributeKey.stringKey("http.target"),
          AttributeKey.stringKey("http.url"));
  private static final Pattern TICKET = Pattern.compile("(?i)(ticket=)[^&#]*");

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    for (AttributeKey<String> key : URLS) {
      @Nullable String value = span.getAttribute(key);
      if (value != null) {
        Matcher ticket = TICKET.matcher(value);
        if (ticket.find()) {
          span.setAttribute(key, ticket.replaceAll("$1…"));
        }
      }
    }
  }

  @Override
  public boolean isStartRequired() {
    return true;
  }

  @Override
  public void onEnd(ReadableSpan span) {}

  @Override
  public boolean isEndRequired() {
    return false;
  }
}
