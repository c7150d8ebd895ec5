package dev.weft.gateway.forward;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Channel;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Whoever holds the cell, or the registry, at the moment. */
public interface Holder {

  /** One call that follows the holder and is repeated within the deadline: it must be harmless. */
  <T> CompletionStage<T> call(Function<Channel, ListenableFuture<T>> rpc, Duration deadline);

  /** One call that follows the holder and is repeated only when nothing of it was done. */
  <T> CompletionStage<T> callOnce(Function<Channel, ListenableFuture<T>> rpc, Duration deadline);

  /**
   * For a stream, which its owner opens anew when it breaks.
   *
   * @throws dev.weft.platform.error.MeshException NO_HOLDER (UNAVAILABLE) if no address is known
   */
  Channel channel();

  /** Tells that a stream on the channel broke, so that the next one may go elsewhere. */
  void broken(Channel channel, Throwable failure);

  /** host:port where the holder was last seen; empty if nobody was. */
  String lastSeen();
}
