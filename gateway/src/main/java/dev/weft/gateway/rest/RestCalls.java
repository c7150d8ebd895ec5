package dev.weft.gateway.rest;

import com.google.protobuf.Message;
import dev.weft.gateway.app.Actor;
import dev.weft.gateway.domain.Caller;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.CallerTrace;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The call that a resource serves, and its answer. */
public final class RestCalls {

  private final CallerTrace trace;
  private final Duration patience;

  /**
   * @param patience how long a caller waits
   */
  public RestCalls(CallerTrace trace, Duration patience) {
    this.trace = trace;
    this.patience = patience;
  }

  /**
   * The call, whose caller the filter has let in.
   *
   * @throws MeshException UNAUTHENTICATED if no filter did that: never trust an absent caller
   */
  Call of(RoutingContext context) {
    @Nullable Caller caller = context.get(DoorFilter.CALLER);
    @Nullable SecretHash credential = context.get(DoorFilter.CREDENTIAL);
    if (caller == null || credential == null) {
      throw new MeshException(CommonReason.UNAUTHENTICATED, "caller: none (expected: a token)");
    }
    return of(context, caller, credential);
  }

  /** The call of somebody who was let in otherwise. */
  Call of(RoutingContext context, Caller caller, SecretHash credential) {
    return new Call(
        caller,
        credential,
        trace.of(context.request().getHeader("traceparent")),
        patience,
        DoorFilter.source(context));
  }

  Actor actor(RoutingContext context) {
    Call call = of(context);
    return new Actor(call.caller(), call.source());
  }

  /** The request's body, which the filter has read. */
  static byte[] body(RoutingContext context) {
    @Nullable Buffer body = context.body().buffer();
    return body == null ? new byte[0] : body.getBytes();
  }

  static CompletionStage<Response> ok(CompletionStage<? extends Message> answer) {
    return answer.thenApply(message -> json(200, message));
  }

  static Response json(int status, Message message) {
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(ProtoJson.print(message))
        .build();
  }
}
