package dev.weft.router.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.grpc.Peer;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.LeaseRenewal;
import dev.weft.proto.internal.work.v1.WorkRequest;
import dev.weft.proto.internal.work.v1.WorkerFrame;
import dev.weft.proto.internal.work.v1.WorkerHello;
import dev.weft.router.app.CellInbox;
import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.Hello;
import dev.weft.router.domain.cell.Report;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.task.WorkerId;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What comes up from one worker. A worker speaks for itself alone: its certificate names it. */
final class WorkStream implements StreamObserver<WorkRequest> {

  private final Peer peer;
  private final CellInbox inbox;
  private final WorkStreamLink link;
  private @Nullable WorkerId worker;

  WorkStream(Peer peer, CellInbox inbox, WorkStreamLink link) {
    this.peer = peer;
    this.inbox = inbox;
    this.link = link;
  }

  @Override
  public void onNext(WorkRequest request) {
    try {
      switch (request.getStepCase()) {
        case HELLO -> hello(request.getHello());
        case FRAME -> frame(request.getFrame());
        case STEP_NOT_SET ->
            throw new IllegalArgumentException("step: none (expected: hello or frame)");
      }
    } catch (IllegalArgumentException e) {
      fail(new MeshException(CommonReason.INVALID_FIELD, String.valueOf(e.getMessage())));
    } catch (MeshException e) {
      fail(e);
    }
  }

  @Override
  public void onError(Throwable cause) {
    gone();
    link.abandon();
  }

  @Override
  public void onCompleted() {
    gone();
    link.complete();
  }

  private void hello(WorkerHello proto) {
    if (worker != null) {
      throw new IllegalArgumentException("hello: a second one (expected: one, first)");
    }
    if (!peer.nodeId().equals(proto.getWorkerId())) {
      throw new MeshException(
              CommonReason.PERMISSION_DENIED,
              "worker_id: %s (expected: %s, as certified)"
                  .formatted(proto.getWorkerId(), peer.nodeId()))
          .with("worker_id", proto.getWorkerId());
    }
    if (proto.getProtocolVersion() != WorkProtoMapper.PROTOCOL_VERSION) {
      throw new MeshException(
              CommonReason.UNSUPPORTED_PROTOCOL,
              "protocol_version: %d (expected: %d)"
                  .formatted(proto.getProtocolVersion(), WorkProtoMapper.PROTOCOL_VERSION))
          .with("version", proto.getProtocolVersion())
          .with("supported", WorkProtoMapper.PROTOCOL_VERSION);
    }
    WorkerId id = WireIds.worker(proto.getWorkerId());
    Hello hello = WorkProtoMapper.hello(id, proto);
    worker = id;
    inbox.tellNow(cell -> cell.hello(link, hello), link::close);
  }

  private void frame(WorkerFrame frame) {
    WorkerId id = worker;
    if (id == null) {
      throw new MeshException(
          RouterReason.HELLO_MISSING, "the stream's first message: a frame (expected: hello)");
    }
    List<AttemptKey> started = WorkProtoMapper.keys(frame.getStartedList());
    List<Report> results = frame.getResultsList().stream().map(this::report).toList();
    List<Rejected> rejected = rejected(frame);
    List<Used> used = used(frame);
    @Nullable Capacity capacity =
        frame.hasCapacity() ? WorkProtoMapper.capacity(frame.getCapacity()) : null;
    if (frame.hasRenewal()) {
      renewal(id, frame.getRenewal());
    }
    if (capacity == null
        && !frame.getDraining()
        && started.isEmpty()
        && results.isEmpty()
        && rejected.isEmpty()
        && used.isEmpty()) {
      return;
    }
    tell(
        cell -> {
          if (capacity != null) {
            cell.capacity(id, link, capacity);
          }
          if (frame.getDraining()) {
            cell.draining(id, link, true);
          }
          started.forEach(key -> cell.started(id, key));
          used.forEach(one -> cell.used(id, one.key, one.use));
          results.forEach(report -> cell.report(id, link, report));
          rejected.forEach(one -> cell.rejected(id, one.key, one.reason));
        });
  }

  private static List<Rejected> rejected(WorkerFrame frame) {
    return frame.getRejectedList().stream()
        .map(
            one ->
                new Rejected(
                    WorkProtoMapper.key(one.getKey()),
                    WorkerWords.text(one.getReason(), WorkerWords.LONGEST_VALUE)))
        .toList();
  }

  private static List<Used> used(WorkerFrame frame) {
    return frame.getTokensList().stream()
        .map(
            one ->
                new Used(
                    WorkProtoMapper.key(one.getKey()), WorkerWords.tokens(one.getModelsList())))
        .toList();
  }

  private Report report(AttemptResult result) {
    Report report = WorkProtoMapper.report(result);
    link.reported(report.key(), result.getTraceparent());
    return report;
  }

  /** Must get through while the database is away, or the worker would end what it runs. */
  private void renewal(WorkerId id, LeaseRenewal renewal) {
    List<AttemptKey> held = WorkProtoMapper.keys(renewal.getHeldList());
    inbox.tellNow(cell -> cell.renewal(id, link, renewal.getNumber(), held), link::close);
  }

  private void fail(MeshException cause) {
    gone();
    link.fail(cause);
  }

  private void gone() {
    WorkerId id = worker;
    if (id != null) {
      inbox.tellNow(cell -> cell.gone(id, link), denial -> {});
    }
  }

  private void tell(Consumer<Cell> input) {
    inbox.tell(input, link::close);
  }

  private record Rejected(AttemptKey key, String reason) {}

  private record Used(AttemptKey key, TokenUse use) {}
}
