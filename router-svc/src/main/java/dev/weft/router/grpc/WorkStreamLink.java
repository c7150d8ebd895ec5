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
 * The way down to one worker. What it is told between two flushes, and what waits, travels as one
 * frame; a worker that doesn't read loses its stream.
 */
final class WorkStreamLink implements WorkerLink {

  /** Room for a whole capacity of assignments with the largest inline payload. */
  private static final Limits LIMITS = new Limits(4_096, 64L << 20, 1 << 20);

  /** A frame that has grown so large is not held back for more. */
  private static final int FULL_BYTES = 256 << 10;

  private static final int KEY_BYTES = 64;

  private final StreamOutbox<WorkResponse> outbox;
  private final StreamSpans spans;
  private PlacerFrame.Builder frame = PlacerFrame.newBuilder();
  private int frameBytes;

  WorkStreamLink(CallStreamObserver<? super WorkResponse> stream, StreamSpans spans) {
    this.spans = spans;
    this.outbox = new StreamOutbox<>(stream, LIMITS, WorkStreamLink::coalesce);
  }

  @Override
  public void welcome(Welcome welcome) {
    flush();
    outbox.offer(WorkResponse.newBuilder().setWelcome(WorkProtoMapper.welcome(welcome)).build());
  }

  @Override
  public void assign(Assignment assignment, StoredSpec spec) {
    String traceparent = spans.dispatched(assignment, spec.traceparent());
    frame.addAssignments(WorkProtoMapper.assignment(assignment, spec.spec(), traceparent));
    grown(2 * KEY_BYTES + spec.spec().bytes().length);
  }

  @Override
  public void cancel(AttemptKey key) {
    frame.addCancels(WorkProtoMapper.key(key));
    grown(KEY_BYTES);
  }

  @Override
  public void acknowledge(AttemptKey key) {
    spans.settled(key);
    frame.addAckedResults(WorkProtoMapper.key(key));
    grown(KEY_BYTES);
  }

  @Override
  public void renewed(long number) {
    frame.setAckedRenewal(number);
    grown(KEY_BYTES);
  }

  @Override
  public void drain(Duration grace) {
    frame.setDrain(DrainOrder.newBuilder().setGrace(WorkProtoMapper.duration(grace)));
    grown(KEY_BYTES);
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

  @Override
  public void flush() {
    if (frameBytes > 0) {
      outbox.offer(WorkResponse.newBuilder().setFrame(frame).build());
      frame = PlacerFrame.newBuilder();
      frameBytes = 0;
    }
  }

  private void grown(int bytes) {
    frameBytes += bytes;
    if (frameBytes >= FULL_BYTES) {
      flush();
    }
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
