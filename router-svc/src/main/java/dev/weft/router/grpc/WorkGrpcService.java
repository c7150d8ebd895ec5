package dev.weft.router.grpc;

import dev.weft.platform.grpc.Peer;
import dev.weft.proto.internal.work.v1.WorkRequest;
import dev.weft.proto.internal.work.v1.WorkResponse;
import dev.weft.proto.internal.work.v1.WorkServiceGrpc.WorkServiceImplBase;
import dev.weft.router.app.CellInbox;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** The work streams. */
public final class WorkGrpcService extends WorkServiceImplBase {

  private final CellInbox inbox;
  private final TaskSpans spans;

  public WorkGrpcService(CellInbox inbox, TaskSpans spans) {
    this.inbox = inbox;
    this.spans = spans;
  }

  @Override
  public StreamObserver<WorkRequest> work(StreamObserver<WorkResponse> down) {
    Peer peer = Peer.current();
    WorkStreamLink link =
        new WorkStreamLink(
            (ServerCallStreamObserver<WorkResponse>) down, new StreamSpans(spans, peer.nodeId()));
    return new WorkStream(peer, inbox, link);
  }
}
