package dev.weft.gateway.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.ResumingStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.platform.grpc.Lent;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.platform.time.Backoff;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.artifacts.v1.DownloadArtifactResponse;
import dev.weft.proto.internal.artifact.v1.FetchArtifactRequest;
import dev.weft.proto.internal.artifact.v1.FetchArtifactResponse;
import dev.weft.proto.internal.artifact.v1.Requester;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a replica lends is given back, whatever becomes of the download. */
class ArtifactDownloadTest {

  private static final String CHUNK = "0123456789";

  private final List<Dialled> calls = new ArrayList<>();
  private final Reader reader = new Reader();

  @Test
  void whatIsHandedOnIsTheReadersToGiveBack() {
    open();

    Answer named = calls.getFirst().name(CHUNK.length());
    Answer chunk = calls.getFirst().send(CHUNK);
    calls.getFirst().close(Status.OK);

    assertThat(reader.chunks).containsExactly("", CHUNK);
    assertThat(reader.done).isTrue();
    assertThat(named.closed).isFalse();
    assertThat(chunk.closed).isFalse();
    reader.lent.forEach(Lent::close);
    assertThat(named.closed).isTrue();
    assertThat(chunk.closed).isTrue();
  }

  @Test
  void whatTheNextReplicaSaysAgainIsGivenBackUnread() {
    open();
    calls.getFirst().name(2L * CHUNK.length());
    calls.getFirst().send(CHUNK);
    calls.getFirst().close(Status.UNAVAILABLE);

    Answer again = calls.get(1).name(2L * CHUNK.length());
    calls.get(1).send(CHUNK);
    calls.get(1).close(Status.OK);

    assertThat(again.closed).isTrue();
    assertThat(calls.get(1).asked.getDownload().getArtifactId()).isEqualTo("art_1");
    assertThat(calls.get(1).asked.getDownload().getOffset()).isEqualTo(CHUNK.length());
    assertThat(reader.chunks).containsExactly("", CHUNK, CHUNK);
    assertThat(reader.done).isTrue();
  }

  @Test
  void whatComesAfterTheReaderHasGoneIsGivenBack() {
    OpenStream stream = open();
    calls.getFirst().name(CHUNK.length());

    stream.cancel();
    Answer late = calls.getFirst().send(CHUNK);

    assertThat(late.closed).isTrue();
    assertThat(reader.chunks).containsExactly("");
  }

  private OpenStream open() {
    return new ArtifactDownload(
            Requester.newBuilder().setTenant("acme").build(),
            DownloadArtifactRequest.newBuilder().setArtifactId("digits").build(),
            reader)
        .open(
            new ResumingStream.Setting(
                new Replicas(),
                GatewayReason.ARTIFACTS_UNAVAILABLE,
                (_, task) -> task.run(),
                new SettableTicker(),
                Backoff.doubling(Duration.ofMillis(1), Duration.ofMillis(1)),
                new Random(1)));
  }

  /** A message on the wire. */
  private static final class Answer extends ByteArrayInputStream {

    private boolean closed;

    Answer(FetchArtifactResponse message) {
      super(message.toByteArray());
    }

    @Override
    public void close() {
      closed = true;
    }
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
          Dialled call =
              new Dialled(
                  (MethodDescriptor<FetchArtifactRequest, Lent<FetchArtifactResponse>>) method);
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
      extends ClientCall<FetchArtifactRequest, Lent<FetchArtifactResponse>> {

    private final MethodDescriptor<FetchArtifactRequest, Lent<FetchArtifactResponse>> method;
    private Listener<Lent<FetchArtifactResponse>> listener = new Listener<>() {};
    private FetchArtifactRequest asked = FetchArtifactRequest.getDefaultInstance();

    Dialled(MethodDescriptor<FetchArtifactRequest, Lent<FetchArtifactResponse>> method) {
      this.method = method;
    }

    Answer name(long size) {
      return answer(
          DownloadArtifactResponse.newBuilder()
              .setArtifact(Artifact.newBuilder().setId("art_1").setSizeBytes(size)));
    }

    Answer send(String chunk) {
      return answer(DownloadArtifactResponse.newBuilder().setChunk(ByteString.copyFromUtf8(chunk)));
    }

    private Answer answer(DownloadArtifactResponse.Builder step) {
      Answer answer = new Answer(FetchArtifactResponse.newBuilder().setStep(step).build());
      listener.onMessage(method.parseResponse(answer));
      return answer;
    }

    void close(Status status) {
      listener.onClose(status, new Metadata());
    }

    @Override
    public void start(Listener<Lent<FetchArtifactResponse>> answers, Metadata headers) {
      listener = answers;
    }

    @Override
    public void request(int messages) {}

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {}

    @Override
    public void halfClose() {}

    @Override
    public void sendMessage(FetchArtifactRequest message) {
      asked = message;
    }
  }

  private static final class Reader implements StreamSink<Lent<DownloadArtifactResponse>> {

    private final List<Lent<DownloadArtifactResponse>> lent = new ArrayList<>();
    private final List<String> chunks = new ArrayList<>();
    private boolean done;

    @Override
    public void next(Lent<DownloadArtifactResponse> item) {
      lent.add(item);
      chunks.add(item.message().getChunk().toStringUtf8());
    }

    @Override
    public void done() {
      done = true;
    }

    @Override
    public void failed(RuntimeException why) {
      throw new AssertionError(why);
    }
  }
}
