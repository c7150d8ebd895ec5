package dev.weft.gateway.door;

import dev.weft.platform.discovery.HostPort;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The head of an HTTP CONNECT request (RFC 9110, 9.3.6), as it comes in parts. Nothing may follow
 * it before it is answered. Not safe for threads.
 */
final class ConnectHead {

  /** Of the whole head. */
  static final int MOST_BYTES = 1024;

  private static final String END = "\r\n\r\n";
  private static final int WORDS = 3;

  private final Buffer came = Buffer.buffer();

  /** What came is no such head; the message says why. */
  static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /**
   * Takes what came next.
   *
   * @return the address that is asked for, when the head is whole
   * @throws Malformed if it never can be one
   */
  Optional<HostPort> add(Buffer part) {
    if (came.length() + part.length() > MOST_BYTES) {
      throw new Malformed("head: more than %d bytes".formatted(MOST_BYTES));
    }
    String head = came.appendBuffer(part).toString(StandardCharsets.ISO_8859_1);
    int end = head.indexOf(END);
    if (end < 0) {
      return Optional.empty();
    }
    if (end + END.length() < head.length()) {
      throw new Malformed("head: bytes after its end (expected: none before the answer)");
    }
    return Optional.of(address(head.substring(0, head.indexOf('\r')).split(" ", -1)));
  }

  private static HostPort address(String... words) {
    if (words.length != WORDS || !words[0].equals("CONNECT") || !words[2].startsWith("HTTP/1.")) {
      throw new Malformed("request line (expected: CONNECT host:port HTTP/1.1)");
    }
    try {
      return HostPort.parse(words[1]);
    } catch (IllegalArgumentException e) {
      throw new Malformed(String.valueOf(e.getMessage()));
    }
  }
}
