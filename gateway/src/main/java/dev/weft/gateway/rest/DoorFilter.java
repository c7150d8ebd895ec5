package dev.weft.gateway.rest;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.ByteBudget;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.Caller;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.platform.error.MeshException;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every route: refuses what is unwelcome, says who calls, and lets nobody by who has
 * no valid token, whatever the path, but for health, the description of the API and the pages.
 */
public final class DoorFilter {

  static final String CALLER = "weft.caller";
  static final String CREDENTIAL = "weft.credential";
  static final String REQUEST_ID = "X-Request-Id";

  private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Set<String> OPEN = Set.of("/q/health", "/q/openapi");
  private static final String HEALTH = "/q/health/";
  private static final String METRICS = "/q/metrics";
  private static final String SCHEME = "bearer ";

  private final Authenticator authenticator;
  private final DoorPolicy policy;
  private final ByteBudget bodies;

  DoorFilter(Authenticator authenticator, DoorPolicy policy, ByteBudget bodies) {
    this.authenticator = authenticator;
    this.policy = policy;
    this.bodies = bodies;
  }

  void handle(RoutingContext context) {
    FirstRequest.came(context.request());
    dress(context);
    try {
      policy.check(
          context.request(),
          context.queryParams(),
          isStreamed(context),
          SessionRoute.takes(context.request(), context.normalizedPath()));
    } catch (MeshException | IllegalArgumentException e) {
      refuse(context, e);
      return;
    }
    if (isOpen(context)) {
      context.next();
      return;
    }
    if (SessionRoute.takesTicket(context)) {
      context.request().pause();
      context.next();
      return;
    }
    Optional<String> secret = bearer(context.request());
    context.request().pause();
    Context eventLoop = context.vertx().getOrCreateContext();
    authenticator
        .authenticate(secret, source(context))
        .thenApply(caller -> metricsOnlyFor(caller, context.normalizedPath()))
        .whenComplete(
            (caller, failure) ->
                eventLoop.runOnContext(_ -> admit(context, caller, secret, failure)));
  }

  private void admit(
      RoutingContext context,
      @Nullable Caller caller,
      Optional<String> secret,
      @Nullable Throwable failure) {
    if (context.response().closed()) {
      return;
    }
    if (caller == null) {
      refuse(context, failure == null ? new IllegalStateException("no caller") : failure);
      return;
    }
    context.put(CALLER, caller);
    context.put(CREDENTIAL, SecretHash.of(secret.orElse("")));
    if (isStreamed(context)) {
      // Its handler reads the body, which stays paused until then.
      context.next();
    } else if (hasBody(context.request())) {
      BoundedBody.read(context, bodies, caller.tenant());
    } else {
      context.request().resume();
      context.next();
    }
  }

  private static boolean isStreamed(RoutingContext context) {
    String path = context.normalizedPath();
    return ArtifactUploads.takes(context.request(), path)
        || SessionRoute.takes(context.request(), path);
  }

  static boolean hasBody(HttpServerRequest request) {
    return request.headers().contains("Transfer-Encoding")
        || request.headers().contains("Content-Length")
        || (request.version() == HttpVersion.HTTP_2 && !request.isEnded());
  }

  private static void dress(RoutingContext context) {
    String given = context.request().getHeader(REQUEST_ID);
    String id =
        given != null && SAFE_ID.matcher(given).matches() ? given : UUID.randomUUID().toString();
    context
        .response()
        .putHeader(REQUEST_ID, id)
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
  }

  private boolean isOpen(RoutingContext context) {
    String path = context.normalizedPath();
    if (OPEN.contains(path) || path.startsWith(HEALTH) || Pages.takes(context.request(), path)) {
      return true;
    }
    return path.equals(METRICS) && policy.local() && isLoopback(context);
  }

  private static Caller metricsOnlyFor(Caller caller, String path) {
    return path.equals(METRICS) ? Authenticator.require(caller, Scope.METRICS_READ) : caller;
  }

  private static boolean isLoopback(RoutingContext context) {
    String source = source(context);
    return source.startsWith("127.") || source.equals("::1") || source.equals("0:0:0:0:0:0:0:1");
  }

  static String source(RoutingContext context) {
    SocketAddress address = context.request().remoteAddress();
    return address == null || address.hostAddress() == null ? "unknown" : address.hostAddress();
  }

  /** One header with one token; two could be read as one or the other. */
  private static Optional<String> bearer(HttpServerRequest request) {
    List<String> values = request.headers().getAll("Authorization");
    if (values.size() != 1 || !values.getFirst().toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return Optional.empty();
    }
    return Optional.of(values.getFirst().substring(SCHEME.length()).strip());
  }

  static MeshException tooLarge() {
    return new MeshException(
            GatewayReason.PAYLOAD_TOO_LARGE,
            "body: too large (expected: at most " + DoorPolicy.MOST_BODY + " bytes)")
        .with("most_bytes", DoorPolicy.MOST_BODY);
  }

  /** Answers with the problem; a body that is still coming is not waited for. */
  static void refuse(RoutingContext context, Throwable failure) {
    ProblemJson problem = ProblemJson.of(failure, context.normalizedPath());
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(problem.status()).putHeader("Content-Type", ProblemJson.MEDIA_TYPE);
    if (problem.status() == 401) {
      response.putHeader("WWW-Authenticate", "Bearer realm=\"weft\", error=\"invalid_token\"");
    }
    problem
        .retryAfterSeconds()
        .ifPresent(wait -> response.putHeader("Retry-After", Long.toString(wait)));
    if (Leftover.of(context)) {
      // What is still to come is not worth reading.
      response.putHeader("Connection", "close");
      response.end(problem.body().encode()).onComplete(_ -> Leftover.cutOff(context));
    } else {
      context.request().resume();
      response.end(problem.body().encode());
    }
  }
}
