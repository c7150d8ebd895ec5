package dev.weft.artifact.process;

import dev.weft.artifact.app.ArtifactReason;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.cell.v1.CheckLeaseResponse;
import dev.weft.proto.internal.cell.v1.LeaseServiceGrpc.LeaseServiceImplBase;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The placer's word on leases, as the test wants it. */
public final class LeaseStandIn extends LeaseServiceImplBase {

  private final Map<CheckLeaseRequest, CheckLeaseResponse> held = new ConcurrentHashMap<>();

  public void grant(CheckLeaseRequest lease, CheckLeaseResponse rights) {
    held.put(lease, rights);
  }

  public void end(CheckLeaseRequest lease) {
    held.remove(lease);
  }

  @Override
  public void checkLease(CheckLeaseRequest request, StreamObserver<CheckLeaseResponse> observer) {
    CheckLeaseResponse rights = held.get(request);
    if (rights == null) {
      throw new MeshException(ArtifactReason.LEASE_NOT_HELD, "not held");
    }
    observer.onNext(rights);
    observer.onCompleted();
  }
}
