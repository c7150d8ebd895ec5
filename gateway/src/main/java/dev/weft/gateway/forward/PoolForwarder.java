package dev.weft.gateway.forward;

import dev.weft.gateway.app.Actor;
import dev.weft.gateway.app.AuditEntry;
import dev.weft.gateway.app.AuditLog;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.proto.pools.v1.GetPoolRequest;
import dev.weft.proto.pools.v1.GetPoolResponse;
import dev.weft.proto.pools.v1.ListPoolsRequest;
import dev.weft.proto.pools.v1.ListPoolsResponse;
import dev.weft.proto.pools.v1.PoolServiceGrpc;
import dev.weft.proto.pools.v1.ResizePoolRequest;
import dev.weft.proto.pools.v1.ResizePoolResponse;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** The contract's PoolService for a caller who may: asks whoever holds the scaler. */
public final class PoolForwarder {

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");
  private static final int MOST_WORKERS = 100_000;

  private final Holder scaler;
  private final AuditLog audit;

  public PoolForwarder(Holder scaler, AuditLog audit) {
    this.scaler = scaler;
    this.audit = audit;
  }

  public CompletionStage<ListPoolsResponse> list(Call call, ListPoolsRequest request) {
    return visible(
        scaler.call(
            channel -> PoolServiceGrpc.newFutureStub(channel).listPools(request), call.patience()));
  }

  public CompletionStage<GetPoolResponse> get(Call call, GetPoolRequest request) {
    checkName(request.getName());
    return visible(
        scaler.call(
            channel -> PoolServiceGrpc.newFutureStub(channel).getPool(request), call.patience()));
  }

  /** The audit knows the wish before the scaler does. */
  public CompletionStage<ResizePoolResponse> resize(Call call, ResizePoolRequest request) {
    checkName(request.getName());
    if (request.getDesired() < 0 || request.getDesired() > MOST_WORKERS) {
      throw InvalidRequest.of(
          "desired", Integer.toUnsignedString(request.getDesired()), "0.." + MOST_WORKERS);
    }
    Actor actor = new Actor(call.caller(), call.source());
    return audit
        .append(
            AuditEntry.by(actor, "pool.resize", request.getName() + " to " + request.getDesired()))
        .thenCompose(
            _ ->
                visible(
                    scaler.call(
                        channel -> PoolServiceGrpc.newFutureStub(channel).resizePool(request),
                        call.patience())));
  }

  private static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw InvalidRequest.of("name", name, "1..40 of lower-case letters, digits and '-'");
    }
  }

  private static <T> CompletionStage<T> visible(CompletionStage<T> answer) {
    return Upstream.visible(answer, GatewayReason.SCALER_UNAVAILABLE);
  }
}
