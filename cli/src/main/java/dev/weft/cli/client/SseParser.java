package dev.weft.cli.client;

import java.util.Optional;

/** Puts the lines of a server-sent-event stream together to events. */
final class SseParser {
  private String id = "";
  private String type = "";
  private final StringBuilder data = new StringBuilder();

  /** One event; {@code id} is the last one seen on the stream. */
  record Event(String id, String type, String data) {}

  /** Takes the next line; an event is complete at an empty line. */
  Optional<Event> line(String line) {
    if (line.isEmpty()) {
      return complete();
    }
    int colon = line.indexOf(':');
    if (colon == 0) {
      return Optional.empty(); // A comment keeps the connection alive.
    }
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1);
    if (value.startsWith(" ")) {
      value = value.substring(1);
    }
    switch (field) {
      case "id" -> id = value;
      case "event" -> type = value;
      case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
      default -> {
        // "retry" and what later servers send.
      }
    }
    return Optional.empty();
  }

  private Optional<Event> complete() {
    Optional<Event> event =
        data.isEmpty() ? Optional.empty() : Optional.of(new Event(id, type, data.toString()));
    data.setLength(0);
    type = "";
    return event;
  }
}
