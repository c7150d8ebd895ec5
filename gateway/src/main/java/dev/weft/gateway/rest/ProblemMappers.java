package dev.weft.gateway.rest;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every failure of a resource, and every request that fits none, is a problem. */
class ProblemMappers {

  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
  private static final int SERVER_ERROR = 500;

  @ServerExceptionMapper
  Response failure(Throwable failure, RoutingContext context) {
    ProblemJson problem = ProblemJson.of(failure, context.normalizedPath());
    if (problem.status() == SERVER_ERROR) {
      LOG.errorf(failure, "request failed: method=%s", context.request().method());
    }
    return response(problem);
  }

  @ServerExceptionMapper
  Response http(WebApplicationException failure, RoutingContext context) {
    Response answer =
        response(ProblemJson.of(reasoned(failure, context), context.normalizedPath()));
    String allow = failure.getResponse().getHeaderString(HttpHeaders.ALLOW);
    return allow == null
        ? answer
        : Response.fromResponse(answer).header(HttpHeaders.ALLOW, allow).build();
  }

  private static MeshException reasoned(WebApplicationException failure, RoutingContext context) {
    String path = context.normalizedPath();
    return switch (failure) {
      case NotFoundException _ ->
          new MeshException(
              GatewayReason.ROUTE_NOT_FOUND, "path: " + path + " (expected: one of /q/openapi)");
      case NotAllowedException _ ->
          new MeshException(
              GatewayReason.METHOD_NOT_ALLOWED,
              "method: " + context.request().method() + " (expected: one that " + path + " has)");
      case NotSupportedException _ ->
          new MeshException(
              GatewayReason.UNSUPPORTED_MEDIA_TYPE,
              "content-type: "
                  + context.request().getHeader(HttpHeaders.CONTENT_TYPE)
                  + " (expected: application/json)");
      case NotAcceptableException _ ->
          new MeshException(
              GatewayReason.NOT_ACCEPTABLE,
              "accept: "
                  + context.request().getHeader(HttpHeaders.ACCEPT)
                  + " (expected: application/json)");
      default -> other(failure);
    };
  }

  private static MeshException other(WebApplicationException failure) {
    int status = failure.getResponse().getStatus();
    if (status == 413) {
      return DoorFilter.tooLarge();
    }
    if (status >= SERVER_ERROR) {
      return new MeshException(CommonReason.INTERNAL, "request: failed", failure);
    }
    return new MeshException(
        GatewayReason.MALFORMED_MESSAGE,
        "request: not understood (expected: one of /q/openapi)",
        failure);
  }

  private static Response response(ProblemJson problem) {
    Response.ResponseBuilder answer =
        Response.status(problem.status())
            .type(ProblemJson.MEDIA_TYPE)
            .entity(problem.body().encode());
    problem.retryAfterSeconds().ifPresent(wait -> answer.header(HttpHeaders.RETRY_AFTER, wait));
    return answer.build();
  }
}
