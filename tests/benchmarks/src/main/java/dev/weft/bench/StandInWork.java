package dev.weft.bench;

import dev.weft.proto.internal.work.v1.Assignment;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.Capacity;
import dev.weft.proto.internal.work.v1.LeaseRenewal;
import dev.weft.proto.internal.work.v1.WorkRequest;
import dev.weft.proto.internal.work.v1.WorkResponse;
import dev.weft.proto.internal.work.v1.WorkServiceGrpc;
import dev.weft.proto.internal.work.v1.WorkerFrame;
import dev.weft.proto.internal.work.v1.WorkerHello;
import dev.weft.proto.tasks.v1.TaskResult;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The work stream of a stand-in: what comes in a frame has ended in the next one up. */
final class StandInWork implements StreamObserver<WorkResponse> {

  /** What a real worker offers. */
  private static final int NOOPS = 1024;

  private static final long GIGABYTE = 1L << 30;
  private static final TaskResult NOTHING = TaskResult.getDefaultInstance();

  private @Nullable StreamObserver<WorkRequest> up;
  private @Nullable ScheduledFuture<?> renewing;
  private long renewal;

  private StandInWork() {}

  static void open(Channel channel, String id, long incarnation, ScheduledExecutorService timer) {
    StandInWork work = new StandInWork();
    StreamObserver<WorkRequest> up = WorkServiceGrpc.newStub(channel).work(work);
    synchronized (work) {
      work.up = up;
      up.onNext(WorkRequest.newBuilder().setHello(hello(id, incarnation)).build());
      work.renewing = timer.scheduleAtFixedRate(work::renew, 1, 1, TimeUnit.SECONDS);
    }
  }

  @Override
  public void onNext(WorkResponse response) {
    if (response.getFrame().getAssignmentsCount() == 0) {
      return;
    }
    WorkerFrame.Builder frame = WorkerFrame.newBuilder();
    for (Assignment assignment : response.getFrame().getAssignmentsList()) {
      frame.addResults(
          AttemptResult.newBuilder()
              .setKey(assignment.getKey())
              .setOutcome(AttemptOutcome.ATTEMPT_OUTCOME_SUCCEEDED)
              .setResult(NOTHING));
    }
    send(frame);
  }

  @Override
  public void onError(Throwable error) {
    end();
  }

  @Override
  public void onCompleted() {
    end();
  }

  /** Nothing runs for longer than a frame, so there is no lease to name. */
  private synchronized void renew() {
    renewal++;
    send(WorkerFrame.newBuilder().setRenewal(LeaseRenewal.newBuilder().setNumber(renewal)));
  }

  private synchronized void send(WorkerFrame.Builder frame) {
    if (up != null) {
      up.onNext(WorkRequest.newBuilder().setFrame(frame).build());
    }
  }

  private synchronized void end() {
    up = null;
    if (renewing != null) {
      renewing.cancel(false);
    }
  }

  private static WorkerHello hello(String id, long incarnation) {
    return WorkerHello.newBuilder()
        .setProtocolVersion(1)
        .setWorkerId(id)
        .setIncarnation(incarnation)
        .setCapacity(
            Capacity.newBuilder()
                .setNumber(1)
                .setCpuMilli(2_000)
                .setMemoryBytes(4 * GIGABYTE)
                .setDiskBytes(10 * GIGABYTE)
                .putExecutorSlots("noop", NOOPS))
        .build();
  }
}
