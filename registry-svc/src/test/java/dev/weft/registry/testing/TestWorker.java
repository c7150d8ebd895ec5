package dev.weft.registry.testing;

import com.google.protobuf.Timestamp;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.heartbeat.v1.BeatRequest;
import dev.weft.proto.internal.heartbeat.v1.BeatResponse;
import dev.weft.proto.internal.heartbeat.v1.CompletedWork;
import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatAck;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatHello;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatServiceGrpc;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatWelcome;
import dev.weft.proto.workers.v1.WorkerLoad;
import dev.weft.proto.workers.v1.WorkerProfile;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A worker's heartbeat stream as a real worker opens it. */
public final class TestWorker implements StreamObserver<BeatResponse> {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final BlockingQueue<BeatResponse> answers = new LinkedBlockingQueue<>();
  private final CompletableFuture<Optional<MeshProblem>> end = new CompletableFuture<>();
  private final StreamObserver<BeatRequest> up;
  private long number;

  public TestWorker(Channel channel) {
    up = HeartbeatServiceGrpc.newStub(channel).beat(this);
  }

  public TestWorker hello(String id, long incarnation, WorkerProfile profile) {
    return hello(
        HeartbeatHello.newBuilder()
            .setProtocolVersion(1)
            .addFeatures("of-a-later-release")
            .setWorkerId(id)
            .setIncarnation(incarnation)
            .setProfile(profile)
            .build());
  }

  public TestWorker hello(HeartbeatHello hello) {
    up.onNext(BeatRequest.newBuilder().setHello(hello).build());
    return this;
  }

  /** Beats with so many slots in use and so many tasks done. */
  public TestWorker beat(int slotsUsed, long done) {
    return beat(
        Heartbeat.newBuilder()
            .setLoad(WorkerLoad.newBuilder().setSlotsTotal(8).setSlotsUsed(slotsUsed).setCpu(0.5))
            .setCompletedTotal(CompletedWork.newBuilder().setSucceeded(done)));
  }

  public TestWorker beat(Heartbeat.Builder beat) {
    up.onNext(BeatRequest.newBuilder().setBeat(beat.setNumber(++number)).build());
    return this;
  }

  public TestWorker send(BeatRequest request) {
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

  public HeartbeatWelcome welcome() {
    return next().getWelcome();
  }

  public HeartbeatAck ack() {
    return next().getAck();
  }

  /** The echo of an ack, kept for so long. */
  public TestWorker echo(Timestamp serverTime, Duration held) {
    return beat(
        Heartbeat.newBuilder()
            .setEchoServerTime(serverTime)
            .setEchoHeld(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(held.getSeconds())
                    .setNanos(held.getNano())));
  }

  /** The next answer; a test fails if there is none. */
  public BeatResponse next() {
    try {
      BeatResponse answer = answers.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null) {
        throw new AssertionError("no answer; the stream: " + end);
      }
      return answer;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public int waiting() {
    return answers.size();
  }

  /** How the stream ended: with a problem, or well. */
  public Optional<MeshProblem> ended() {
    return end.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  public MeshProblem problem() {
    return ended().orElseThrow(() -> new AssertionError("the stream ended well"));
  }

  public boolean isOpen() {
    return !end.isDone();
  }

  @Override
  public void onNext(BeatResponse response) {
    answers.add(response);
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
