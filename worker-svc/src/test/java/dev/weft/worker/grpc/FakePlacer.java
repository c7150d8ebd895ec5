package dev.weft.worker.grpc;

import com.google.protobuf.Duration;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.work.v1.Assignment;
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.AttemptTokens;
import dev.weft.proto.internal.work.v1.PlacerFrame;
import dev.weft.proto.internal.work.v1.PlacerWelcome;
import dev.weft.proto.internal.work.v1.WorkRequest;
import dev.weft.proto.internal.work.v1.WorkResponse;
import dev.weft.proto.internal.work.v1.WorkServiceGrpc.WorkServiceImplBase;
import dev.weft.proto.internal.work.v1.WorkerHello;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.TaskSpec;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A placer that says what the test tells it to say. */
public final class FakePlacer extends WorkServiceImplBase {

  /** Of a flood of results it is enough to count the rest. */
  private static final int KEPT = 1000;

  private final List<WorkerHello> hellos = new CopyOnWriteArrayList<>();
  private final List<AttemptResult> results = new CopyOnWriteArrayList<>();
  private final AtomicInteger resultCount = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final List<AttemptKey> started = new CopyOnWriteArrayList<>();
  private final List<AttemptTokens> tokens = new CopyOnWriteArrayList<>();
  private volatile @Nullable StreamObserver<WorkResponse> down;
  private volatile @Nullable String holder;
  private volatile Function<WorkerHello, PlacerWelcome.Builder> greeting =
      hello -> PlacerWelcome.newBuilder().setEpoch(1).addAllAdopt(hello.getRunningList());
  private volatile boolean settles = true;

  @Override
  public StreamObserver<WorkRequest> work(StreamObserver<WorkResponse> observer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(WorkRequest request) {
        take(request, observer);
      }

      @Override
      public void onError(Throwable cause) {
        forget(observer);
      }

      @Override
      public void onCompleted() {
        forget(observer);
        observer.onCompleted();
      }
    };
  }

  private synchronized void take(WorkRequest request, StreamObserver<WorkResponse> observer) {
    if (request.hasHello()) {
      hellos.add(request.getHello());
      if (holder != null) {
        observer.onError(
            StatusMapper.toStatus(
                new MeshException(CommonReason.NOT_HOLDER, "not here").with("address", holder)));
        return;
      }
      down = observer;
      PlacerWelcome.Builder welcome =
          greeting
              .apply(request.getHello())
              .setProtocolVersion(1)
              .setLeaseTtl(Duration.newBuilder().setSeconds(10));
      observer.onNext(WorkResponse.newBuilder().setWelcome(welcome).build());
      return;
    }
    PlacerFrame.Builder answer = PlacerFrame.newBuilder();
    refused.addAndGet(request.getFrame().getRejectedCount());
    started.addAll(request.getFrame().getStartedList());
    tokens.addAll(request.getFrame().getTokensList());
    for (AttemptResult result : request.getFrame().getResultsList()) {
      if (resultCount.incrementAndGet() <= KEPT) {
        results.add(result);
      }
      if (settles) {
        answer.addAckedResults(result.getKey());
      }
    }
    if (request.getFrame().hasRenewal()) {
      answer.setAckedRenewal(request.getFrame().getRenewal().getNumber());
    }
    observer.onNext(WorkResponse.newBuilder().setFrame(answer).build());
  }

  private synchronized void forget(StreamObserver<WorkResponse> observer) {
    if (observer.equals(down)) {
      down = null;
    }
  }

  void heldAt(String address) {
    holder = address;
  }

  public void settles(boolean value) {
    settles = value;
  }

  void greeting(Function<WorkerHello, PlacerWelcome.Builder> value) {
    greeting = value;
  }

  public synchronized void send(PlacerFrame.Builder frame) {
    StreamObserver<WorkResponse> current = down;
    if (current == null) {
      throw new AssertionError("no worker is connected");
    }
    current.onNext(WorkResponse.newBuilder().setFrame(frame).build());
  }

  /** Ends the stream from the placer's side. */
  public synchronized void hangUp() {
    StreamObserver<WorkResponse> current = down;
    if (current != null) {
      down = null;
      current.onError(StatusMapper.toStatus(new MeshException(CommonReason.UNAVAILABLE, "bye")));
    }
  }

  /** What running attempts were said to have used, each time it was said. */
  public List<AttemptTokens> tokens() {
    return tokens;
  }

  public boolean connected() {
    return down != null;
  }

  public static AttemptKey key(String task, long fence) {
    return AttemptKey.newBuilder().setTaskId(task).setAttempt(1).setFence(fence).build();
  }

  public static PlacerFrame.Builder noop(AttemptKey key) {
    return PlacerFrame.newBuilder()
        .addAssignments(
            Assignment.newBuilder()
                .setKey(key)
                .setSpec(
                    TaskSpec.newBuilder()
                        .setNoop(NoopExecutor.getDefaultInstance())
                        .build()
                        .toByteString()));
  }

  public static PlacerFrame.Builder shell(AttemptKey key, String... argv) {
    return PlacerFrame.newBuilder()
        .addAssignments(
            Assignment.newBuilder()
                .setKey(key)
                .setSpec(
                    TaskSpec.newBuilder()
                        .setShell(ShellExecutor.newBuilder().addAllArgv(List.of(argv)))
                        .build()
                        .toByteString()));
  }

  public List<WorkerHello> hellos() {
    return hellos;
  }

  public List<AttemptResult> results() {
    return results;
  }

  int resultCount() {
    return resultCount.get();
  }

  int refused() {
    return refused.get();
  }

  public List<AttemptKey> started() {
    return started;
  }
}
