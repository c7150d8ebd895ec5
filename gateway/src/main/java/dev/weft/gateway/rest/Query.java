package dev.weft.gateway.rest;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.weft.gateway.domain.InvalidRequest;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/** Parameters of a query, read so that a bad one is named. */
final class Query {

  private Query() {}

  static int pageSize(@Nullable String text) {
    return text == null || text.isEmpty() ? 0 : whole("page_size", text);
  }

  static int whole(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw InvalidRequest.of(name, text, "a number");
    }
  }

  static Timestamp time(String name, String text) {
    try {
      return Timestamps.parse(text);
    } catch (ParseException e) {
      throw InvalidRequest.of(name, text, "a time like 2026-01-02T03:04:05Z");
    }
  }

  static boolean flag(String name, @Nullable String text) {
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw InvalidRequest.of(name, text, "true or false");
  }

  /** The header and the body's field are one thing; two different ones are none. */
  static String requestId(String field, @Nullable String header) {
    if (header == null || header.isEmpty() || header.equals(field)) {
      return field;
    }
    if (!field.isEmpty()) {
      throw InvalidRequest.of("request_id", field, "the same as Idempotency-Key");
    }
    return header;
  }
}
