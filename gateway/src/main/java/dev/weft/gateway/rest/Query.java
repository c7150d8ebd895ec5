package dev.weft.gateway.rest;

import dev.weft.gateway.domain.InvalidRequest;
import org.jspecify.annotations.Nullable;

/** Parameters of a query, read so that a bad one is named. */
final class Query {

  private Query() {}

  static int pageSize(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw InvalidRequest.of("page_size", text, "a number");
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
}
