package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/** The mesh answered that it can't or won't; carries the catalogue's reason. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;
  private final long delayMillis;

  ApiException(int status, String reason, String message) {
    this(status, reason, message, 0);
  }

  private ApiException(int status, String reason, String message, long delayMillis) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.delayMillis = delayMillis;
  }

  /** From a problem of RFC 9457, or whatever came instead of one. */
  static ApiException of(int status, JsonNode body) {
    String reason = body.path("reason").asText("HTTP_" + status);
    String detail =
        Optional.of(body.path("detail").asText(""))
            .filter(text -> !text.isEmpty())
            .orElse("the gateway answered " + status);
    long delay = body.path("metadata").path("throttle_delay_ms").asLong(0);
    return new ApiException(status, reason, detail, Math.max(0, delay));
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** Reason of docs/errors.md, for example TASK_NOT_FOUND. */
  public String reason() {
    return reason;
  }

  /** How long the gateway asks to wait, since more was handed in than the tenant may. */
  Duration delay() {
    return Duration.ofMillis(delayMillis);
  }

  /** The same request may succeed later or elsewhere. */
  boolean isTransient() {
    return status == 429 || status == 502 || status == 503 || status == 504;
  }
}
