package dev.weft.artifact.testing.output;

import com.google.protobuf.ByteString;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.artifacts.v1.OutputChunk;
import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.internal.artifact.v1.AppendOutputRequest;
import dev.weft.proto.internal.artifact.v1.AppendOutputResponse;
import dev.weft.proto.internal.artifact.v1.OutputAck;
import dev.weft.proto.internal.artifact.v1.OutputFrame;
import dev.weft.proto.internal.artifact.v1.OutputOpen;
import dev.weft.proto.internal.artifact.v1.OutputOpened;
import dev.weft.proto.internal.artifact.v1.OutputServiceGrpc;
import dev.weft.proto.internal.work.v1.AttemptKey;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A worker's output stream as a real worker opens it. */
public final class TestWriter implements StreamObserver<AppendOutputResponse> {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CompletableFuture<OutputOpened> opened = new CompletableFuture<>();
  private final CompletableFuture<Optional<MeshProblem>> end = new CompletableFuture<>();
  private final StreamObserver<AppendOutputRequest> up;
  private volatile OutputAck ack = OutputAck.getDefaultInstance();

  public TestWriter(Channel channel) {
    up = OutputServiceGrpc.newStub(channel).appendOutput(this);
  }

  public static OutputOpen.Builder opening(String task, long fence, long firstKept) {
    return OutputOpen.newBuilder()
        .setProtocolVersion(1)
        .addFeatures("of-a-later-release")
        .setLease(AttemptKey.newBuilder().setTaskId(task).setAttempt(1).setFence(fence))
        .setFirstKept(firstKept);
  }

  /** A chunk whose bytes say its number. */
  public static OutputChunk chunk(long number) {
    return chunk(number, (number + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  public static OutputChunk chunk(long number, byte[] data) {
    return OutputChunk.newBuilder()
        .setNumber(number)
        .setSource(
            number % 2 == 0 ? OutputSource.OUTPUT_SOURCE_STDERR : OutputSource.OUTPUT_SOURCE_STDOUT)
        .setData(ByteString.copyFrom(data))
        .build();
  }

  public TestWriter open(OutputOpen.Builder open) {
    return send(AppendOutputRequest.newBuilder().setOpen(open).build());
  }

  /** Opens and waits for the answer. */
  public TestWriter opened(String task, long fence, long firstKept) {
    open(opening(task, fence, firstKept)).opened();
    return this;
  }

  /** Sends the chunks of these numbers, both included, in one frame. */
  public TestWriter write(long from, long to) {
    OutputFrame.Builder frame = OutputFrame.newBuilder();
    for (long number = from; number <= to; number++) {
      frame.addChunks(chunk(number));
    }
    return frame(frame);
  }

  public TestWriter frame(OutputFrame.Builder frame) {
    return send(AppendOutputRequest.newBuilder().setFrame(frame).build());
  }

  public TestWriter end() {
    return frame(OutputFrame.newBuilder().setEnd(true));
  }

  public TestWriter send(AppendOutputRequest request) {
    up.onNext(request);
    return this;
  }

  /** The process goes away. */
  public void vanish() {
    up.onError(new IllegalStateException("gone"));
  }

  public void complete() {
    up.onCompleted();
  }

  public OutputOpened opened() {
    return opened.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  public OutputAck ack() {
    return ack;
  }

  public TestWriter awaitReceived(long number) {
    Awaitility.await().atMost(PATIENCE).until(() -> ack.getReceived() >= number);
    return this;
  }

  public TestWriter awaitSealed(long number) {
    Awaitility.await().atMost(PATIENCE).until(() -> ack.getSealed() >= number);
    return this;
  }

  /** How the stream ended: with a problem, or well. */
  public Optional<MeshProblem> ended() {
    return end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  public MeshProblem problem() {
    return ended().orElseThrow(() -> new AssertionError("the stream ended well"));
  }

  /** Waits until the log is closed. */
  public TestWriter closed() {
    Optional<MeshProblem> problem = ended();
    if (problem.isPresent() || !ack.getClosed()) {
      throw new AssertionError("not closed: " + problem + ", " + ack);
    }
    return this;
  }

  public boolean isOpen() {
    return !end.isDone();
  }

  @Override
  public void onNext(AppendOutputResponse response) {
    if (response.hasOpened()) {
      opened.complete(response.getOpened());
    } else {
      ack = response.getAck();
    }
  }

  @Override
  public void onError(Throwable failure) {
    end.complete(Optional.of(StatusMapper.fromStatus(failure)));
    opened.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    end.complete(Optional.empty());
  }
}
