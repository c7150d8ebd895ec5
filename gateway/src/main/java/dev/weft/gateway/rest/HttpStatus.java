package dev.weft.gateway.rest;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshProblem;
import io.grpc.Status.Code;
import io.netty.handler.codec.http.HttpResponseStatus;

/** The HTTP status that goes with a problem. */
final class HttpStatus {

  private static final int CLIENT_CLOSED = 499;
  private static final String STORE_FULL = "STORE_FULL";

  private HttpStatus() {}

  static int of(MeshProblem problem) {
    if (problem.is(GatewayReason.PAYLOAD_TOO_LARGE)) {
      return 413;
    }
    if (problem.is(GatewayReason.METHOD_NOT_ALLOWED)) {
      return 405;
    }
    if (problem.is(GatewayReason.NOT_ACCEPTABLE)) {
      return 406;
    }
    if (problem.is(GatewayReason.UNSUPPORTED_MEDIA_TYPE)) {
      return 415;
    }
    if (problem.is(GatewayReason.ARTIFACT_TOO_LARGE)) {
      return 413;
    }
    if (problem.is(GatewayReason.UPGRADE_REQUIRED)) {
      return 426;
    }
    if (problem.is(GatewayReason.AGENT_OVER)) {
      return 410;
    }
    if (problem.is(GatewayReason.RANGE_NOT_SATISFIABLE)) {
      return 416;
    }
    if (problem.is(GatewayReason.UPLOAD_STALLED)) {
      return 408;
    }
    if (problem.reason().equals(STORE_FULL)) {
      return 507;
    }
    return of(problem.code());
  }

  private static int of(Code code) {
    return switch (code) {
      case OK -> 200;
      case INVALID_ARGUMENT -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED, FAILED_PRECONDITION -> 409;
      case OUT_OF_RANGE -> 410;
      case RESOURCE_EXHAUSTED -> 429;
      case CANCELLED -> CLIENT_CLOSED;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
    };
  }

  static String title(int status) {
    return status == CLIENT_CLOSED
        ? "Client Closed Request"
        : HttpResponseStatus.valueOf(status).reasonPhrase();
  }
}
