package dev.weft.router.process;

import dev.weft.platform.grpc.MeshChannels;
import dev.weft.proto.internal.work.v1.Assignment;
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.Capacity;
import dev.weft.proto.internal.work.v1.LeaseRenewal;
import dev.weft.proto.internal.work.v1.PlacerFrame;
import dev.weft.proto.internal.work.v1.WorkRequest;
import dev.weft.proto.internal.work.v1.WorkResponse;
import dev.weft.proto.internal.work.v1.WorkServiceGrpc;
import dev.weft.proto.internal.work.v1.WorkerFrame;
import dev.weft.proto.internal.work.v1.WorkerHello;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A worker that speaks the real protocol and runs noops: dials the routers in turn until welcome.
 */
final class WorkerStandIn implements AutoCloseable {

  private static final ThreadFactory THREADS =
      Thread.ofPlatform().daemon().name("worker-stand-in").factory();

  private final String id;
  private final int slots;
  private final MeshChannels channels;
  private final Supplier<List<String>> routers;
  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(THREADS);
  private final Map<Long, AttemptKey> running = new ConcurrentHashMap<>();
  private final Map<Long, AttemptResult> unacked = new ConcurrentHashMap<>();
  final Map<String, AtomicInteger> executions = new ConcurrentHashMap<>();
  private volatile boolean holding;
  private int next;
  private long renewals;
  private long epoch;
  private @Nullable ManagedChannel channel;
  private @Nullable Stream stream;

  WorkerStandIn(String id, int slots, MeshChannels channels, Supplier<List<String>> routers) {
    this.id = id;
    this.slots = slots;
    this.channels = channels;
    this.routers = routers;
    loop.execute(this::dial);
    loop.scheduleAtFixedRate(this::renew, 500, 500, TimeUnit.MILLISECONDS);
  }

  /** Begun work is not ended until told so. */
  void hold(boolean now) {
    holding = now;
    if (!now) {
      loop.execute(() -> running.values().forEach(this::finish));
    }
  }

  int runningNow() {
    return running.size();
  }

  private void dial() {
    if (channel != null) {
      channel.shutdownNow();
    }
    List<String> known = routers.get();
    channel = channels.open(known.get(next++ % known.size()), "router");
    Stream opened = new Stream();
    stream = opened;
    opened.up = WorkServiceGrpc.newStub(channel).work(opened);
    opened.up.onNext(
        WorkRequest.newBuilder()
            .setHello(
                WorkerHello.newBuilder()
                    .setProtocolVersion(1)
                    .setWorkerId(id)
                    .setIncarnation(1)
                    .setHighestEpoch(epoch)
                    .addAllRunning(running.values())
                    .addAllUnackedResults(unacked.values())
                    .setCapacity(
                        Capacity.newBuilder().setNumber(1).putExecutorSlots("noop", slots)))
            .build());
  }

  private void send(WorkerFrame.Builder frame) {
    Stream open = stream;
    if (open != null && open.welcome) {
      open.up.onNext(WorkRequest.newBuilder().setFrame(frame).build());
    }
  }

  private void renew() {
    send(
        WorkerFrame.newBuilder()
            .setRenewal(
                LeaseRenewal.newBuilder().setNumber(++renewals).addAllHeld(running.values())));
  }

  private void run(Assignment assignment) {
    AttemptKey key = assignment.getKey();
    executions.computeIfAbsent(key.getTaskId(), task -> new AtomicInteger()).incrementAndGet();
    running.put(key.getFence(), key);
  }

  private void finish(AttemptKey key) {
    running.remove(key.getFence());
    AttemptResult result =
        AttemptResult.newBuilder()
            .setKey(key)
            .setOutcome(AttemptOutcome.ATTEMPT_OUTCOME_SUCCEEDED)
            .build();
    unacked.put(key.getFence(), result);
    send(WorkerFrame.newBuilder().addResults(result));
  }

  private void take(Stream from, WorkResponse response) {
    if (from != stream) {
      return;
    }
    if (response.hasWelcome()) {
      from.welcome = true;
      epoch = Math.max(epoch, response.getWelcome().getEpoch());
      response.getWelcome().getAckedResultsList().forEach(key -> unacked.remove(key.getFence()));
      response.getWelcome().getKillList().forEach(key -> running.remove(key.getFence()));
      return;
    }
    PlacerFrame frame = response.getFrame();
    frame.getAckedResultsList().forEach(key -> unacked.remove(key.getFence()));
    WorkerFrame.Builder answer = WorkerFrame.newBuilder();
    for (Assignment assignment : frame.getAssignmentsList()) {
      run(assignment);
      if (!holding) {
        AttemptKey key = assignment.getKey();
        running.remove(key.getFence());
        AttemptResult result =
            AttemptResult.newBuilder()
                .setKey(key)
                .setOutcome(AttemptOutcome.ATTEMPT_OUTCOME_SUCCEEDED)
                .build();
        unacked.put(key.getFence(), result);
        answer.addResults(result);
      }
    }
    if (answer.getResultsCount() > 0) {
      send(answer);
    }
  }

  private void ended(Stream from) {
    if (from == stream) {
      stream = null;
      loop.schedule(this::dial, 100, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    loop.shutdownNow();
    ManagedChannel open = channel;
    if (open != null) {
      open.shutdownNow();
    }
  }

  private final class Stream implements StreamObserver<WorkResponse> {
    @SuppressWarnings("NullAway.Init") // set as soon as the call is made
    StreamObserver<WorkRequest> up;

    private boolean welcome;

    @Override
    public void onNext(WorkResponse response) {
      loop.execute(() -> take(this, response));
    }

    @Override
    public void onError(Throwable cause) {
      if (!loop.isShutdown()) {
        loop.execute(() -> ended(this));
      }
    }

    @Override
    public void onCompleted() {
      onError(new IllegalStateException("ended"));
    }
  }
}
