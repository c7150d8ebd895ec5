package dev.weft.router.grpc;

import dev.weft.platform.grpc.StreamOutbox;
import dev.weft.platform.grpc.StreamOutbox.Limits;
import dev.weft.proto.internal.work.v1.DrainOrder;
import dev.weft.proto.internal.work.v1.PlacerFrame;
import dev.weft.proto.internal.work.v1.WorkResponse;
import dev.weft.router.domain.cell.Assignment;
import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Welcome;
import dev.weft.router.domain.cell.WorkerLink;
import dev.weft.router.domain.journal.StoredSpec;
import io.grpc.stub.CallStreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The way down to one worker. What waits travels as one frame; a worker that doesn't read loses its
 * stream.
 */
final class WorkStreamLink implements WorkerLink {

  /** Room for a whole capacity of assignments with the largest inline payload. */
  private static final Limits LIMITS = new Limits(4_096, 64L << 20, 1 << 20);

  private final StreamOutbox<WorkResponse> outbox;
  private final StreamSpans spans;

  WorkStreamLink(CallStreamObserver<? super WorkResponse> stream, StreamSpans spans) {
    this.spans = spans;
    this.outbox = new StreamOutbox<>(stream, LIMITS, WorkStreamLink::coalesce);
  }

  @Override
  public void welcome(Welcome welcome) {
    outbox.offer(WorkResponse.newBuilder().setWelcome(WorkProtoMapper.welcome(welcome)).build());
  }

  @Override
  public void assign(Assignment assignment, StoredSpec spec) {
    String traceparent = spans.dispatched(assignment, spec.traceparent());
    offer(
        PlacerFrame.newBuilder()
            .addAssignments(WorkProtoMapper.assignment(assignment, spec.spec(), traceparent)));
  }

  @Override
  public void cancel(AttemptKey key) {
    offer(PlacerFrame.newBuilder().addCancels(WorkProtoMapper.key(key)));
  }

  @Override
  public void acknowledge(AttemptKey key) {
    spans.settled(key);
    offer(PlacerFrame.newBuilder().addAckedResults(WorkProtoMapper.key(key)));
  }

  @Override
  public void renewed(long number) {
    offer(PlacerFrame.newBuilder().setAckedRenewal(number));
  }

  @Override
  public void drain(Duration grace) {
    offer(
        PlacerFrame.newBuilder()
            .setDrain(DrainOrder.newBuilder().setGrace(WorkProtoMapper.duration(grace))));
  }

  @Override
  public void close(Denial reason) {
    spans.abandon();
    outbox.fail(Denials.exception(reason));
  }

  /** A result has come up. */
  void reported(AttemptKey key, String traceparent) {
    spans.reported(key, traceparent);
  }

  void fail(Throwable cause) {
    spans.abandon();
    outbox.fail(cause);
  }

  /** The worker has ended the stream. */
  void complete() {
    spans.abandon();
    outbox.complete();
  }

  /** The stream is gone. */
  void abandon() {
    spans.abandon();
    outbox.abandon();
  }

  private void offer(PlacerFrame.Builder frame) {
    outbox.offer(WorkResponse.newBuilder().setFrame(frame).build());
  }

  /** Neighbouring frames become one; a welcome stays first and by itself. */
  static List<WorkResponse> coalesce(List<WorkResponse> waiting) {
    List<WorkResponse> fewer = new ArrayList<>();
    PlacerFrame.Builder frame = PlacerFrame.newBuilder();
    boolean framed = false;
    for (WorkResponse response : waiting) {
      if (response.hasFrame()) {
        frame.mergeFrom(response.getFrame());
        framed = true;
        continue;
      }
      if (framed) {
        fewer.add(WorkResponse.newBuilder().setFrame(frame).build());
        frame = PlacerFrame.newBuilder();
        framed = false;
      }
      fewer.add(response);
    }
    if (framed) {
      fewer.add(WorkResponse.newBuilder().setFrame(frame).build());
    }
    return fewer;
  }
}
