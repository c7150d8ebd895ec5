package dev.weft.gateway.grpc;

import dev.weft.gateway.app.ByteBudget;
import dev.weft.gateway.app.DoorBudgets;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.join.v1.JoinServiceGrpc;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call's request while it comes. grpc-java puts a message together as a whole, in direct memory
 * and however many calls do so, before anybody hears of it; only a tracer sees its bytes before.
 */
final class Reading extends ServerStreamTracer {

  private static final Context.Key<Reading> KEY = Context.key("weft-reading");

  private static final int MOST_BYTES = 4 << 20;

  /** A join is the largest: a token and a certificate request. */
  private static final int MOST_BYTES_OF_STRANGERS = 16 << 10;

  private final ByteBudget.Share share;
  private final int most;
  private long bytes;
  private volatile @Nullable ServerCall<?, ?> call;
  private volatile @Nullable MeshException fault;

  private Reading(ByteBudget budget, int most) {
    this.share = budget.open(this::tooSlow);
    this.most = most;
  }

  /** Watches every call of a server. */
  static ServerStreamTracer.Factory within(DoorBudgets budgets) {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        if (!GrpcScopes.isOpen(method)) {
          return new Reading(budgets.known(), MOST_BYTES);
        }
        boolean join = method.equals(JoinServiceGrpc.getJoinMethod().getFullMethodName());
        return new Reading(join ? budgets.join() : budgets.open(), MOST_BYTES_OF_STRANGERS);
      }
    };
  }

  /** The current call's, if its server is watched. */
  static Optional<Reading> current() {
    return Optional.ofNullable(KEY.get());
  }

  /** The call to end when its request can't be taken. */
  void of(ServerCall<?, ?> call) {
    this.call = call;
  }

  /** Whose request it is. */
  void of(String tenant) {
    share.of(tenant);
  }

  /** Why the request can't be taken; the call has been told. */
  Optional<MeshException> fault() {
    return Optional.ofNullable(fault);
  }

  /**
   * Counts bytes of the message, before or after they were inflated.
   *
   * @return whether they can be taken
   */
  boolean take(long more) {
    if (fault != null) {
      return false;
    }
    bytes += more;
    try {
      if (bytes > most) {
        throw tooLarge();
      }
      share.grow(more);
      return true;
    } catch (MeshException e) {
      refuse(e);
      return false;
    }
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  @Override
  public void inboundMessage(int number) {
    // Of a stream's messages one is held at a time.
    bytes = 0;
    share.release();
  }

  @Override
  public void inboundWireSize(long more) {
    take(more);
  }

  @Override
  public void inboundMessageRead(int number, long wireSize, long size) {
    share.complete();
  }

  @Override
  public void streamClosed(Status status) {
    share.close();
  }

  private void tooSlow() {
    refuse(
        new MeshException(
            GatewayReason.QUEUE_FULL,
            "request: incomplete after "
                + ByteBudget.PATIENCE.toSeconds()
                + " s, and others need its room (expected: all of it)"));
  }

  private void refuse(MeshException why) {
    fault = why;
    share.close();
    ServerCall<?, ?> told = call;
    if (told != null) {
      StatusRuntimeException refusal = StatusMapper.toStatus(why);
      Metadata trailers = refusal.getTrailers();
      told.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    }
  }

  private MeshException tooLarge() {
    return new MeshException(
            GatewayReason.PAYLOAD_TOO_LARGE,
            "message: too large (expected: at most " + most + " bytes)")
        .with("most_bytes", most);
  }
}
