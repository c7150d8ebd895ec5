package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/** Who looks at an agent's session; called by one thread at a time, in order. */
public interface SessionView {

  /** The session is open, at first or again. */
  void opened(SessionVoice voice);

  /** One message of docs/session-protocol.md that is not the terminal's; false: it was the last. */
  boolean message(String type, JsonNode message);

  /** What the terminal shows next. */
  void terminal(byte[] bytes);

  /** The connection went; another one is tried. */
  void broken(String why);

  /** After so long without anything new it has seen enough; empty: never. */
  default Optional<Duration> lull() {
    return Optional.empty();
  }
}
