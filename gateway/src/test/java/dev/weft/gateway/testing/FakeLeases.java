package dev.weft.gateway.testing;

import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.cell.v1.CheckLeaseResponse;
import dev.weft.proto.internal.cell.v1.LeaseServiceGrpc;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The placer's word on who holds which lease. */
public final class FakeLeases extends LeaseServiceGrpc.LeaseServiceImplBase {

  public final Map<CheckLeaseRequest, CheckLeaseResponse> held = new ConcurrentHashMap<>();

  @Override
  public void checkLease(CheckLeaseRequest request, StreamObserver<CheckLeaseResponse> observer) {
    CheckLeaseResponse known = held.get(request);
    if (known == null) {
      observer.onError(
          StoreState.failure("LEASE_NOT_HELD", Code.PERMISSION_DENIED, "lease: not held"));
      return;
    }
    observer.onNext(known);
    observer.onCompleted();
  }
}
