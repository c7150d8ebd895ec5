package dev.weft.gateway.rest;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.TicketDesk;
import dev.weft.gateway.domain.Caller;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.session.Place;
import dev.weft.gateway.forward.AgentChecks;
import dev.weft.gateway.forward.AgentForwarder;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.session.Attachment;
import dev.weft.gateway.session.SessionWish;
import dev.weft.gateway.ws.FirstWord;
import dev.weft.gateway.ws.SessionSocket;
import dev.weft.gateway.ws.SocketTools;
import dev.weft.platform.error.MeshException;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/agents/{id}/session}: the door of sessions. Who may not come in, and whose agent
 * can't be reached, is told so before the upgrade.
 */
public final class SessionRoute implements RawRoute {

  static final String PATH = "/v1/agents/:agentId/session";
  static final String TICKET = "ticket";

  private static final Pattern TAKES = Pattern.compile("/v1/agents/[^/]+/session");

  private final AgentForwarder agents;
  private final TicketDesk tickets;
  private final Function<Executor, Attachment.Tools> attachments;
  private final SocketTools sockets;
  private final WatchGuard guard;
  private final RestCalls calls;

  /**
   * @param attachments what a client's attachment works with, given what runs tasks on its thread
   */
  public SessionRoute(
      AgentForwarder agents,
      TicketDesk tickets,
      Function<Executor, Attachment.Tools> attachments,
      SocketTools sockets,
      WatchGuard guard,
      RestCalls calls) {
    this.agents = agents;
    this.tickets = tickets;
    this.attachments = attachments;
    this.sockets = sockets;
    this.guard = guard;
    this.calls = calls;
  }

  /** Whether a request is a session's; its body stays unread until the upgrade. */
  static boolean takes(HttpServerRequest request, String path) {
    return request.method().name().equals("GET") && TAKES.matcher(path).matches();
  }

  /** Whether a ticket lets it in, which is judged here, instead of a bearer. */
  static boolean takesTicket(RoutingContext context) {
    return takes(context.request(), context.normalizedPath())
        && context.queryParams().contains(TICKET);
  }

  @Override
  public void route(Router router) {
    router.get(PATH).handler(this::open);
    Routes.otherwise(router, PATH, "GET");
  }

  /** Who comes in, and whether only to watch. */
  private record Admission(Call call, boolean viewer) {}

  private void open(RoutingContext context) {
    Routes.guarded(
        context,
        () -> {
          requireUpgrade(context.request());
          String agentId = AgentChecks.checkedId(String.valueOf(context.pathParam("agentId")));
          boolean viewer = viewer(context);
          Optional<Place> cursor = cursor(context);
          Context eventLoop = context.vertx().getOrCreateContext();
          CompletionStage<Admission> admitted =
              admit(context, agentId)
                  .thenCompose(
                      in ->
                          agents
                              .agent(in.call(), agentId)
                              .thenApply(AgentChecks::requireGoingOn)
                              .thenApply(_ -> in));
          Routes.then(
              context,
              eventLoop,
              admitted,
              in -> {
                SessionWish wish =
                    new SessionWish(
                        in.call().tenant(),
                        agentId,
                        in.call().caller().principal(),
                        cursor,
                        viewer || in.viewer());
                attach(context, eventLoop, in.call(), wish);
              });
        });
  }

  private CompletionStage<Admission> admit(RoutingContext context, String agentId) {
    @Nullable String ticket = context.queryParams().get(TICKET);
    if (ticket != null) {
      return tickets
          .redeem(ticket, agentId, DoorFilter.source(context))
          .thenApply(
              in -> new Admission(calls.of(context, in.caller(), in.credential()), in.viewer()));
    }
    Call call = calls.of(context);
    Caller caller = call.caller();
    if (caller.may(Scope.AGENTS_WRITE)) {
      return CompletableFuture.completedFuture(new Admission(call, false));
    }
    Authenticator.require(caller, Scope.AGENTS_READ);
    return CompletableFuture.completedFuture(new Admission(call, true));
  }

  private void attach(RoutingContext context, Context eventLoop, Call call, SessionWish wish) {
    SessionSocket socket = new SessionSocket(eventLoop, sockets, wish, call.traceparent());
    context.response().closeHandler(_ -> socket.leave());
    Scope scope = call.caller().may(Scope.AGENTS_WRITE) ? Scope.AGENTS_WRITE : Scope.AGENTS_READ;
    Attachment.Tools tools = attachments.apply(task -> eventLoop.runOnContext(_ -> task.run()));
    socket.open(
        reader -> guard.admit(call, scope, reader),
        sink -> new Attachment(tools, wish, sink),
        new FirstWord() {
          @Override
          public void welcome() {
            upgrade(context, eventLoop, socket);
          }

          @Override
          public void refused(RuntimeException why) {
            DoorFilter.refuse(context, why);
          }
        });
  }

  private static void upgrade(RoutingContext context, Context eventLoop, SessionSocket socket) {
    // The socket has a close handler of its own from now on.
    context.response().closeHandler(null);
    context
        .request()
        .toWebSocket()
        .onComplete(
            answer ->
                eventLoop.runOnContext(
                    _ -> {
                      if (answer.succeeded()) {
                        socket.accept(answer.result());
                      } else {
                        socket.leave();
                      }
                    }));
  }

  private static void requireUpgrade(HttpServerRequest request) {
    String upgrade = request.getHeader("Upgrade");
    if (upgrade == null || !upgrade.toLowerCase(Locale.ROOT).equals("websocket")) {
      throw new MeshException(
          GatewayReason.UPGRADE_REQUIRED,
          "upgrade: " + upgrade + " (expected: websocket, docs/session-protocol.md)");
    }
  }

  private static boolean viewer(RoutingContext context) {
    @Nullable String mode = context.queryParams().get("mode");
    if (mode == null || mode.equals("writer")) {
      return false;
    }
    if (mode.equals("viewer")) {
      return true;
    }
    throw InvalidRequest.of("mode", mode, "writer or viewer");
  }

  private static Optional<Place> cursor(RoutingContext context) {
    @Nullable String text = context.queryParams().get("cursor");
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Place> place = Place.parse(text);
    if (place.isEmpty()) {
      String shown = text.length() > 64 ? text.substring(0, 64) + "…" : text;
      throw new MeshException(
              GatewayReason.CURSOR_INVALID,
              "cursor: " + shown + " (expected: one that was given out)")
          .with("cursor", shown);
    }
    return place;
  }
}
