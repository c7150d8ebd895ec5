package dev.weft.artifact.process;

import dev.weft.artifact.app.ArtifactReason;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.cell.v1.CheckLeaseResponse;
import dev.weft.proto.internal.cell.v1.LeaseServiceGrpc.LeaseServiceImplBase;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The placer's word on leases, as the test wants it. */
public final class LeaseStandIn extends LeaseServiceImplBase {

  private final Map<CheckLeaseRequest, CheckLeaseResponse> held = new ConcurrentHashMap<>();
  private final Map<CheckLeaseRequest, String> tenants = new ConcurrentHashMap<>();

  public void grant(CheckLeaseRequest lease, CheckLeaseResponse rights) {
    held.put(lease, rights);
    tenants.put(lease, rights.getTenant());
  }

  /** The attempt is over; its log may still be written. */
  public void end(CheckLeaseRequest lease) {
    held.remove(lease);
  }

  @Override
  public void checkLease(CheckLeaseRequest request, StreamObserver<CheckLeaseResponse> observer) {
    CheckLeaseResponse rights = request.getLogOnly() ? ofLog(request) : held.get(request);
    if (rights == null) {
      throw new MeshException(ArtifactReason.LEASE_NOT_HELD, "not held");
    }
    observer.onNext(rights);
    observer.onCompleted();
  }

  private @Nullable CheckLeaseResponse ofLog(CheckLeaseRequest request) {
    String tenant = tenants.get(request.toBuilder().clearLogOnly().build());
    return tenant == null ? null : CheckLeaseResponse.newBuilder().setTenant(tenant).build();
  }
}
