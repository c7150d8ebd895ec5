package dev.weft.gateway.grpc;

import dev.weft.gateway.forward.ReplayForwarder;
import dev.weft.proto.placement.v1.PlacementReplayServiceGrpc;
import dev.weft.proto.placement.v1.ReplayPlacementRequest;
import dev.weft.proto.placement.v1.ReplayPlacementResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;

/** weft.placement.v1.PlacementReplayService. */
@GrpcService
public class PublicPlacementReplayService
    implements BindableService, PlacementReplayServiceGrpc.AsyncService {

  private final ReplayForwarder replays;

  public PublicPlacementReplayService(ReplayForwarder replays) {
    this.replays = replays;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(PlacementReplayServiceGrpc.bindService(this));
  }

  @Override
  public void replayPlacement(
      ReplayPlacementRequest request, StreamObserver<ReplayPlacementResponse> observer) {
    GrpcCalls.answer(observer, () -> replays.replay(GrpcCalls.current(), request));
  }
}
