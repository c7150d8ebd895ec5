package dev.weft.gateway.rest;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.Status;
import dev.weft.gateway.forward.Failures;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import io.grpc.protobuf.StatusProto;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A failure as RFC 9457 has it, with the same reason and metadata as the gRPC answer.
 *
 * @param retryAfterSeconds for the Retry-After header
 */
record ProblemJson(int status, String reason, JsonObject body, OptionalLong retryAfterSeconds) {

  static final String MEDIA_TYPE = "application/problem+json";

  /**
   * @param instance the path that was asked for
   */
  static ProblemJson of(Throwable failure, String instance) {
    Throwable mapped = Failures.mapped(failure);
    MeshProblem problem = StatusMapper.fromStatus(mapped);
    int status = HttpStatus.of(problem);
    JsonObject metadata = new JsonObject();
    problem.metadata().forEach(metadata::put);
    JsonObject body =
        new JsonObject()
            .put("type", "urn:weft:problem:" + problem.reason())
            .put("title", HttpStatus.title(status))
            .put("status", status)
            .put("detail", problem.message())
            .put("instance", instance)
            .put("reason", problem.reason())
            .put("metadata", metadata);
    JsonArray violations = violations(mapped);
    if (!violations.isEmpty()) {
      body.put("fieldViolations", violations);
    }
    return new ProblemJson(status, problem.reason(), body, seconds(problem.retryAfter()));
  }

  private static OptionalLong seconds(Optional<Duration> wait) {
    return wait.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(1, wait.get().plusMillis(999).toSeconds()));
  }

  private static JsonArray violations(Throwable failure) {
    JsonArray found = new JsonArray();
    Status status = StatusProto.fromThrowable(failure);
    if (status == null) {
      return found;
    }
    for (Any detail : status.getDetailsList()) {
      if (detail.is(BadRequest.class)) {
        unpack(detail)
            .getFieldViolationsList()
            .forEach(
                violation ->
                    found.add(
                        new JsonObject()
                            .put("field", lowerCamel(violation.getField()))
                            .put("message", violation.getDescription())));
      }
    }
    return found;
  }

  private static BadRequest unpack(Any detail) {
    try {
      return detail.unpack(BadRequest.class);
    } catch (InvalidProtocolBufferException e) {
      return BadRequest.getDefaultInstance();
    }
  }

  /** A field's path in the spelling of the JSON. */
  static String lowerCamel(String path) {
    StringBuilder out = new StringBuilder(path.length());
    boolean up = false;
    boolean key = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      key = (key || c == '[') && c != ']';
      if (c == '_' && !key) {
        up = true;
      } else {
        out.append(up ? Character.toUpperCase(c) : c);
        up = false;
      }
    }
    return out.toString();
  }
}
