package dev.weft.artifact.grpc.output;

import dev.weft.artifact.app.output.Owner;
import dev.weft.artifact.app.output.OwnerLink;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.proto.internal.artifact.v1.OutputServiceGrpc;
import dev.weft.proto.internal.artifact.v1.TailOutputRequest;
import dev.weft.proto.internal.artifact.v1.TailOutputResponse;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads at the owner over the mesh; one channel a replica, shared by all readers. */
public final class GrpcOwnerLink implements OwnerLink, AutoCloseable {

  private static final String ROLE = "artifact";
  private static final int MOST_CHANNELS = 16;

  private final Function<String, ManagedChannel> dialling;
  private final Map<String, ManagedChannel> channels = new LinkedHashMap<>(16, 0.75f, true);

  public GrpcOwnerLink(MeshChannels mesh) {
    this(address -> mesh.open(address, ROLE));
  }

  GrpcOwnerLink(Function<String, ManagedChannel> dialling) {
    this.dialling = dialling;
  }

  @Override
  public Relay open(Owner owner, Query query, Listener listener) {
    Reading reading = new Reading(listener);
    OutputServiceGrpc.newStub(channel(owner.address()))
        .tailOutput(
            TailOutputRequest.newBuilder()
                .setTenant(query.key().tenant())
                .setTaskId(query.key().taskId())
                .setAttempt(query.key().attempt())
                .setAfterNumber(query.after())
                .setFollow(query.follow())
                .setRelayed(true)
                .setMostBytes(query.mostBytes())
                .build(),
            reading);
    return reading;
  }

  @Override
  public synchronized void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
    channels.clear();
  }

  private synchronized Channel channel(String address) {
    ManagedChannel known = channels.get(address);
    if (known != null && !known.isShutdown()) {
      return known;
    }
    ManagedChannel opened = dialling.apply(address);
    channels.put(address, opened);
    if (channels.size() > MOST_CHANNELS) {
      Iterator<ManagedChannel> all = channels.values().iterator();
      // The eldest; calls under way go on.
      all.next().shutdown();
      all.remove();
    }
    return opened;
  }

  /** One call. */
  private static final class Reading
      implements Relay, ClientResponseObserver<TailOutputRequest, TailOutputResponse> {

    private final Listener listener;
    private @Nullable ClientCallStreamObserver<TailOutputRequest> call;
    private boolean closed;

    Reading(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<TailOutputRequest> stream) {
      call = stream;
    }

    @Override
    public void cancel() {
      ClientCallStreamObserver<TailOutputRequest> stream = call;
      if (stream != null) {
        stream.cancel("not read any more", null);
      }
    }

    @Override
    public void onNext(TailOutputResponse step) {
      switch (step.getStepCase()) {
        case CHUNK, GAP -> OutputProto.entry(step).ifPresent(listener::entry);
        case CLOSED -> {
          closed = true;
          listener.closed(
              new LogEnd(step.getClosed().getLastNumber(), step.getClosed().getTotalBytes()));
        }
        case HEARTBEAT, STEP_NOT_SET -> listener.heartbeat();
      }
    }

    @Override
    public void onError(Throwable failure) {
      if (!closed) {
        listener.failed(new IllegalStateException("the owner's stream ended", failure));
      }
    }

    @Override
    public void onCompleted() {
      if (!closed) {
        listener.ended();
      }
    }
  }
}
