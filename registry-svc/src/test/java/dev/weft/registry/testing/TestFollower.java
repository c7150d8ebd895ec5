package dev.weft.registry.testing;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc;
import dev.weft.proto.internal.fleet.v1.FollowWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FollowWorkersResponse;
import dev.weft.proto.workers.v1.Worker;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A placer that follows the fleet. */
public final class TestFollower
    implements ClientResponseObserver<FollowWorkersRequest, FollowWorkersResponse> {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final BlockingQueue<FollowWorkersResponse> steps = new LinkedBlockingQueue<>();
  private final Map<String, Worker> fleet = new ConcurrentHashMap<>();
  private final CompletableFuture<MeshProblem> end = new CompletableFuture<>();
  private final AtomicLong received = new AtomicLong();
  private final boolean reads;
  private @Nullable ClientCallStreamObserver<FollowWorkersRequest> call;

  /**
   * @param reads if not, nothing is taken from the transport after the first step
   */
  public TestFollower(Channel channel, long afterRevision, boolean reads) {
    this.reads = reads;
    FleetServiceGrpc.newStub(channel)
        .followWorkers(
            FollowWorkersRequest.newBuilder().setAfterRevision(afterRevision).build(), this);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<FollowWorkersRequest> stream) {
    call = stream;
    if (!reads) {
      stream.disableAutoRequestWithInitial(1);
    }
  }

  /** The next step; a test fails if there is none. */
  public FollowWorkersResponse next() {
    try {
      FollowWorkersResponse step = steps.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (step == null) {
        throw new AssertionError("no step; the stream: " + end);
      }
      return step;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The fleet as far as it was told. */
  public Map<String, Worker> fleet() {
    return fleet;
  }

  public long received() {
    return received.get();
  }

  public MeshProblem problem() {
    return end.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  public boolean isOpen() {
    return !end.isDone();
  }

  public void cancel() {
    if (call != null) {
      call.cancel("the test is over", null);
    }
  }

  @Override
  public void onNext(FollowWorkersResponse step) {
    received.incrementAndGet();
    if (step.hasWorker()) {
      fleet.put(step.getWorker().getId(), step.getWorker());
    } else if (step.hasRemoved()) {
      fleet.remove(step.getRemoved().getWorkerId());
    }
    steps.add(step);
  }

  @Override
  public void onError(Throwable failure) {
    end.complete(StatusMapper.fromStatus(failure));
  }

  @Override
  public void onCompleted() {
    end.completeExceptionally(new AssertionError("a watch has no good end"));
  }
}
