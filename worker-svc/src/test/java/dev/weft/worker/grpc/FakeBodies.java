package dev.weft.worker.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.agent.v1.BodyServiceGrpc.BodyServiceImplBase;
import dev.weft.proto.internal.agent.v1.FindHomeRequest;
import dev.weft.proto.internal.agent.v1.FindHomeResponse;
import dev.weft.proto.internal.agent.v1.Home;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The placer's word on where homes are. */
public final class FakeBodies extends BodyServiceImplBase {

  public final List<FindHomeRequest> asked = new CopyOnWriteArrayList<>();
  private volatile Home home = Home.getDefaultInstance();

  public void home(String address, long epoch) {
    home = Home.newBuilder().setAddress(address).setEpoch(epoch).build();
  }

  @Override
  public void findHome(FindHomeRequest request, StreamObserver<FindHomeResponse> observer) {
    asked.add(request);
    if (home.getAddress().isEmpty()) {
      observer.onError(
          StatusMapper.toStatus(new MeshException(CommonReason.UNAVAILABLE, "no gateway")));
      return;
    }
    observer.onNext(FindHomeResponse.newBuilder().setHome(home).setAgentId("agt_x").build());
    observer.onCompleted();
  }
}
