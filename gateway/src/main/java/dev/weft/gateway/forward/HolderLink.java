package dev.weft.gateway.forward;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.platform.grpc.HolderClient;
import io.grpc.Channel;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The holder behind the mesh's mTLS. */
public final class HolderLink implements Holder {

  private final HolderClient client;

  public HolderLink(HolderClient client) {
    this.client = client;
  }

  @Override
  public <T> CompletionStage<T> call(
      Function<Channel, ListenableFuture<T>> rpc, Duration deadline) {
    return client.call(rpc, deadline);
  }

  @Override
  public <T> CompletionStage<T> callOnce(
      Function<Channel, ListenableFuture<T>> rpc, Duration deadline) {
    return client.callOnce(rpc, deadline);
  }

  @Override
  public Channel channel() {
    return client.channel();
  }

  @Override
  public void broken(Channel channel, Throwable failure) {
    client.failed(channel, failure);
  }

  @Override
  public String lastSeen() {
    return client.believed().map(Object::toString).orElse("");
  }
}
