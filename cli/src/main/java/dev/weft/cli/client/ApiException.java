package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** The mesh answered that it can't or won't; carries the catalogue's reason. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int THROTTLED = 429;
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private final int status;
  private final String reason;
  private final Duration delay;

  ApiException(int status, String reason, String message) {
    this(status, reason, message, Duration.ZERO);
  }

  ApiException(int status, String reason, String message, Duration delay) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.delay = delay;
  }

  /**
   * From a problem of RFC 9457, or whatever came instead of one.
   *
   * @param retryAfter the header of that name, if there was one
   */
  static ApiException of(int status, JsonNode body, Optional<String> retryAfter) {
    String reason = body.path("reason").asText("HTTP_" + status);
    String detail =
        Optional.of(body.path("detail").asText(""))
            .filter(text -> !text.isEmpty())
            .orElse("the gateway answered " + status);
    return new ApiException(status, reason, detail, delay(body.path("metadata"), retryAfter));
  }

  /** The header has whole seconds only, so what the metadata says is nearer. */
  private static Duration delay(JsonNode metadata, Optional<String> retryAfter) {
    long millis =
        Math.max(
            metadata.path("throttle_delay_ms").asLong(0),
            metadata.path("retry_after_ms").asLong(0));
    if (millis > 0) {
      return Duration.ofMillis(millis);
    }
    return retryAfter
        .filter(text -> SECONDS.matcher(text).matches())
        .map(text -> Duration.ofSeconds(Long.parseLong(text)))
        .orElse(Duration.ZERO);
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** Reason of docs/errors.md, for example TASK_NOT_FOUND. */
  public String reason() {
    return reason;
  }

  /** How long the mesh asks to wait before the next try; zero if it doesn't say. */
  Duration delay() {
    return delay;
  }

  /** More is asked than the mesh takes at the moment. */
  boolean isThrottled() {
    return status == THROTTLED;
  }

  /** Another request may fare better: neither the caller nor the mesh as a whole is meant. */
  public boolean concernsTheRequest() {
    return status != 401 && status != 403 && (status == THROTTLED || !isTransient());
  }

  /** The same request may succeed later or elsewhere. */
  boolean isTransient() {
    return status == THROTTLED || status == 502 || status == 503 || status == 504;
  }
}
