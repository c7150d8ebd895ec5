package dev.weft.artifact.testing.output;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.artifacts.v1.OutputChunk;
import dev.weft.proto.artifacts.v1.OutputGap;
import dev.weft.proto.internal.artifact.v1.OutputClosed;
import dev.weft.proto.internal.artifact.v1.OutputServiceGrpc;
import dev.weft.proto.internal.artifact.v1.TailOutputRequest;
import dev.weft.proto.internal.artifact.v1.TailOutputResponse;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A reader that checks that numbers come once and in order. */
public final class TestReader
    implements ClientResponseObserver<TailOutputRequest, TailOutputResponse> {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<OutputGap> gaps = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Optional<MeshProblem>> end = new CompletableFuture<>();
  private final boolean stalled;
  private volatile long last;
  private final AtomicInteger heartbeats = new AtomicInteger();
  private volatile @Nullable OutputClosed closed;
  private volatile @Nullable String disorder;
  private @Nullable ClientCallStreamObserver<TailOutputRequest> call;

  private TestReader(long after, boolean stalled) {
    this.last = after;
    this.stalled = stalled;
  }

  public static TailOutputRequest.Builder query(String tenant, String task) {
    return TailOutputRequest.newBuilder()
        .setTenant(tenant)
        .setTaskId(task)
        .setAttempt(1)
        .setFollow(true);
  }

  public static TestReader open(Channel channel, TailOutputRequest.Builder query) {
    return start(channel, query, new TestReader(query.getAfterNumber(), false));
  }

  /** One that takes nothing until it is told to. */
  public static TestReader stalled(Channel channel, TailOutputRequest.Builder query) {
    return start(channel, query, new TestReader(query.getAfterNumber(), true));
  }

  private static TestReader start(
      Channel channel, TailOutputRequest.Builder query, TestReader reader) {
    OutputServiceGrpc.newStub(channel).tailOutput(query.build(), reader);
    return reader;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<TailOutputRequest> stream) {
    call = stream;
    if (stalled) {
      stream.disableAutoRequestWithInitial(0);
    }
  }

  /** Takes everything from now on. */
  public void resume() {
    if (call != null) {
      call.request(Integer.MAX_VALUE);
    }
  }

  public void cancel() {
    if (call != null) {
      call.cancel("the test is over", null);
    }
  }

  public long last() {
    return last;
  }

  public List<OutputGap> gaps() {
    return gaps;
  }

  public int heartbeats() {
    return heartbeats.get();
  }

  public synchronized String text() {
    return bytes.toString(StandardCharsets.US_ASCII);
  }

  public TestReader await(long number) {
    Awaitility.await().atMost(PATIENCE).until(() -> last >= number || end.isDone());
    if (last < number) {
      throw new AssertionError("at " + last + ", ended: " + end.join());
    }
    return this;
  }

  public Optional<MeshProblem> ended() {
    Optional<MeshProblem> ending = end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    if (disorder != null) {
      throw new AssertionError(disorder);
    }
    return ending;
  }

  public MeshProblem problem() {
    return ended().orElseThrow(() -> new AssertionError("the stream ended well"));
  }

  /** Waits for the log's end. */
  public OutputClosed closed() {
    Optional<MeshProblem> problem = ended();
    OutputClosed seen = closed;
    if (problem.isPresent() || seen == null) {
      throw new AssertionError("not closed: " + problem);
    }
    return seen;
  }

  public boolean isEnded() {
    return end.isDone();
  }

  public boolean isClosed() {
    return closed != null;
  }

  @Override
  public void onNext(TailOutputResponse step) {
    switch (step.getStepCase()) {
      case CHUNK -> chunk(step.getChunk());
      case GAP -> {
        order(step.getGap().getFromNumber());
        gaps.add(step.getGap());
        last = step.getGap().getToNumber();
      }
      case HEARTBEAT -> heartbeats.incrementAndGet();
      case CLOSED -> closed = step.getClosed();
      case STEP_NOT_SET -> disorder = "an empty step";
    }
  }

  private void chunk(OutputChunk chunk) {
    order(chunk.getNumber());
    synchronized (this) {
      bytes.writeBytes(chunk.getData().toByteArray());
    }
    last = chunk.getNumber();
  }

  private void order(long first) {
    if (first != last + 1) {
      disorder = "number " + first + " after " + last;
    }
  }

  @Override
  public void onError(Throwable failure) {
    end.complete(Optional.of(StatusMapper.fromStatus(failure)));
  }

  @Override
  public void onCompleted() {
    end.complete(Optional.empty());
  }
}
