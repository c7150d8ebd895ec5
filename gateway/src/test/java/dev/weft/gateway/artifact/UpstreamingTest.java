package dev.weft.gateway.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.weft.gateway.forward.Holder;
import dev.weft.proto.artifacts.v1.UploadArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An upload whose replicas fail in the middle of being dialled, or answer at once. */
class UpstreamingTest {

  private final List<Dialled> calls = new ArrayList<>();
  private final Sender sender = new Sender();
  private int failing;

  @Test
  void aReplicaThatFailsAsItIsDialledIsReplacedAndGetsEverything() {
    failing = 2;
    var upload = open();

    upload.offer(chunk("a"));
    upload.finish();

    assertThat(calls).hasSize(3);
    assertThat(calls.getLast().sent).containsExactly("a");
    assertThat(calls.getLast().halfClosed).isTrue();
    assertThat(calls.getFirst().sent).isEmpty();
    assertThat(calls.getFirst().asked).isZero();
    assertThat(sender.failure).isNull();
  }

  @Test
  void whoFindsNobodyIsTold() {
    failing = Integer.MAX_VALUE;

    var upload = open();

    assertThat(sender.failure).isNotNull();
    assertThat(upload.offer(chunk("a"))).isFalse();
  }

  @Test
  void theAnswerAndItsEndComeToTheSender() {
    var upload = open();
    upload.offer(chunk("a"));
    upload.finish();

    Dialled call = calls.getFirst();
    call.answer();
    assertThat(call.asked).as("the answer, and its end").isEqualTo(2);
    call.close(Status.OK);

    assertThat(sender.answers).isEqualTo(1);
    assertThat(sender.done).isTrue();
  }

  @Test
  void whoLeavesBeforeTheReplicaIsThereLeavesNothing() {
    var upload = open();

    upload.cancel();

    assertThat(calls.getFirst().cancelled).isTrue();
    assertThat(upload.offer(chunk("a"))).isFalse();
  }

  private Upstreaming<UploadArtifactRequest, StoreArtifactRequest, StoreArtifactResponse> open() {
    var upload =
        new Upstreaming<>(
            new Replicas(),
            new Upstreaming.Kind<
                UploadArtifactRequest, StoreArtifactRequest, StoreArtifactResponse>(
                StoreServiceGrpc.getStoreArtifactMethod(),
                UpstreamingTest::message,
                UpstreamingTest::message,
                (_, _) -> Optional.empty()),
            sender);
    upload.open();
    return upload;
  }

  private static StoreArtifactRequest message(UploadArtifactRequest step) {
    return StoreArtifactRequest.newBuilder().setUpload(step).build();
  }

  private static UploadArtifactRequest chunk(String text) {
    return UploadArtifactRequest.newBuilder().setChunk(ByteString.copyFromUtf8(text)).build();
  }

  private final class Replicas implements Holder {

    @Override
    public <T> CompletionStage<T> call(
        Function<Channel, ListenableFuture<T>> rpc, Duration deadline) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> CompletionStage<T> callOnce(
        Function<Channel, ListenableFuture<T>> rpc, Duration deadline) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Channel channel() {
      return new Channel() {
        @Override
        @SuppressWarnings("unchecked") // there is but one method here
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
          Dialled call = new Dialled(failing-- > 0);
          calls.add(call);
          return (ClientCall<Q, A>) call;
        }

        @Override
        public String authority() {
          return "artifact.weft";
        }
      };
    }

    @Override
    public void broken(Channel channel, Throwable failure) {}

    @Override
    public String lastSeen() {
      return "";
    }
  }

  private static final class Dialled
      extends ClientCall<StoreArtifactRequest, StoreArtifactResponse> {

    private final boolean fails;
    private final List<String> sent = new ArrayList<>();
    private Listener<StoreArtifactResponse> listener = new Listener<>() {};
    private int asked;
    private boolean halfClosed;
    private boolean cancelled;

    Dialled(boolean fails) {
      this.fails = fails;
    }

    @Override
    public void start(Listener<StoreArtifactResponse> answers, Metadata headers) {
      listener = answers;
      if (fails) {
        close(Status.UNAVAILABLE);
      }
    }

    void answer() {
      listener.onMessage(StoreArtifactResponse.getDefaultInstance());
    }

    void close(Status status) {
      listener.onClose(status, new Metadata());
    }

    @Override
    public void request(int messages) {
      asked += messages;
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
      cancelled = true;
    }

    @Override
    public void halfClose() {
      halfClosed = true;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void sendMessage(StoreArtifactRequest message) {
      sent.add(message.getUpload().getChunk().toStringUtf8());
    }
  }

  private static final class Sender implements Upstreaming.Caller<StoreArtifactResponse> {

    private int answers;
    private boolean done;
    private @Nullable RuntimeException failure;

    @Override
    public void more() {}

    @Override
    public void next(StoreArtifactResponse answer) {
      answers++;
    }

    @Override
    public void done() {
      done = true;
    }

    @Override
    public void failed(RuntimeException why) {
      failure = why;
    }
  }
}
